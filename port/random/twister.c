// twister.c - MT19937: 32 bits at a time, and seeding by an array of words ("init_by_array" of the 2002 version).

#include "twister.h"

#define MIDDLE 397

static void seed_by_word(twister_t *t, uint32_t seed) {
    t->words[0] = seed;
    for (uint32_t i = 1; i < TWISTER_WORDS; i++) {
        uint32_t last = t->words[i - 1];
        t->words[i] = 1812433253u * (last ^ last >> 30) + i;
    }
    t->used = TWISTER_WORDS;
}

// One word mixed with the one before it, round the table.
static uint32_t mixed(const twister_t *t, uint32_t i, uint32_t factor) {
    uint32_t last = t->words[i - 1];
    return t->words[i] ^ (last ^ last >> 30) * factor;
}

static void step(twister_t *t, uint32_t *i) {
    if (++*i == TWISTER_WORDS) {
        t->words[0] = t->words[TWISTER_WORDS - 1];
        *i = 1;
    }
}

void twister_seed(twister_t *t, const uint32_t *key, size_t length) {
    seed_by_word(t, 19650218);
    uint32_t i = 1;
    size_t j = 0;
    for (size_t k = length > TWISTER_WORDS ? length : TWISTER_WORDS; k > 0; k--) {
        t->words[i] = mixed(t, i, 1664525) + key[j] + (uint32_t)j;
        step(t, &i);
        j = j + 1 == length ? 0 : j + 1;
    }
    for (size_t k = TWISTER_WORDS - 1; k > 0; k--) {
        t->words[i] = mixed(t, i, 1566083941) - i;
        step(t, &i);
    }
    t->words[0] = 0x80000000;
}

static void twist(twister_t *t) {
    for (uint32_t i = 0; i < TWISTER_WORDS; i++) {
        uint32_t bits = (t->words[i] & 0x80000000) | (t->words[(i + 1) % TWISTER_WORDS] & 0x7fffffff);
        t->words[i] = t->words[(i + MIDDLE) % TWISTER_WORDS] ^ bits >> 1 ^ (bits & 1 ? 0x9908b0df : 0);
    }
    t->used = 0;
}

uint32_t twister_next(twister_t *t) {
    if (t->used >= TWISTER_WORDS) {
        twist(t);
    }
    uint32_t y = t->words[t->used++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680;
    y ^= y << 15 & 0xefc60000;
    return y ^ y >> 18;
}
