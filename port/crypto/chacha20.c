// chacha20.c - see chacha20.h. No table and no branch on a secret, so its time is independent of the key.

#include "chacha20.h"

static uint32_t load32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store32(uint8_t *bytes, uint32_t word) {
    bytes[0] = (uint8_t)word;
    bytes[1] = (uint8_t)(word >> 8);
    bytes[2] = (uint8_t)(word >> 16);
    bytes[3] = (uint8_t)(word >> 24);
}

static uint32_t rotate(uint32_t word, unsigned bits) {
    return word << bits | word >> (32 - bits);
}

// Section 2.1.
static void quarter_round(uint32_t *state, unsigned a, unsigned b, unsigned c, unsigned d) {
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 7);
}

void chacha20_block(const uint8_t key[CHACHA20_KEY_SIZE], uint32_t counter, const uint8_t nonce[CHACHA20_NONCE_SIZE],
    uint8_t block[CHACHA20_BLOCK_SIZE]) {
    uint32_t initial[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}; // "expand 32-byte k"
    for (unsigned i = 0; i < 8; i++) {
        initial[4 + i] = load32(key + 4 * i);
    }
    initial[12] = counter;
    for (unsigned i = 0; i < 3; i++) {
        initial[13 + i] = load32(nonce + 4 * i);
    }
    uint32_t state[16];
    for (unsigned i = 0; i < 16; i++) {
        state[i] = initial[i];
    }
    for (unsigned round = 0; round < 20; round += 2) {
        quarter_round(state, 0, 4, 8, 12);
        quarter_round(state, 1, 5, 9, 13);
        quarter_round(state, 2, 6, 10, 14);
        quarter_round(state, 3, 7, 11, 15);
        quarter_round(state, 0, 5, 10, 15);
        quarter_round(state, 1, 6, 11, 12);
        quarter_round(state, 2, 7, 8, 13);
        quarter_round(state, 3, 4, 9, 14);
    }
    for (unsigned i = 0; i < 16; i++) {
        store32(block + 4 * i, state[i] + initial[i]);
    }
}
