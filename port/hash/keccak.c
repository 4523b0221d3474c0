// keccak.c - SHA-3 and SHAKE (FIPS 202).

#include <string.h>

#include "hash.h"

// clang-format off
static const uint64_t rounds[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};
// clang-format on
// rho and pi: the lanes in the order in which each moves to the next one's place, and how far it turns.
static const uint8_t turns[24] = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const uint8_t lanes[24] = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

static uint64_t left(uint64_t x, int n) {
    return x << n | x >> (64 - n);
}

static void permute(uint64_t *a) {
    for (int round = 0; round < 24; round++) {
        uint64_t c[5];
        for (int x = 0; x < 5; x++) { // theta
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for (int i = 0; i < 25; i++) {
            a[i] ^= c[(i + 4) % 5] ^ left(c[(i + 1) % 5], 1);
        }
        uint64_t moved = a[1];
        for (int i = 0; i < 24; i++) {
            uint64_t next = a[lanes[i]];
            a[lanes[i]] = left(moved, turns[i]);
            moved = next;
        }
        for (int y = 0; y < 25; y += 5) { // chi
            memcpy(c, a + y, sizeof(c));
            for (int x = 0; x < 5; x++) {
                a[y + x] ^= ~c[(x + 1) % 5] & c[(x + 2) % 5];
            }
        }
        a[0] ^= rounds[round]; // iota
    }
}

void hash_keccak_init(hash_t *hash) {
    (void)hash; // zeros
}

void hash_keccak_compress(hash_t *hash, const uint8_t *block) {
    for (size_t i = 0; i < hash->kind->block_size / 8u; i++) {
        hash->state.longs[i] ^= load64(block + 8 * i, 0);
    }
    permute(hash->state.longs);
}

// `suffix`: the bits behind the message, and the first one of the padding.
static void finish(hash_t *hash, uint8_t suffix, uint8_t *out, size_t size) {
    size_t rate = hash->kind->block_size;
    if (hash->used == rate) {
        hash_keccak_compress(hash, hash->block);
        hash->used = 0;
    }
    memset(hash->block + hash->used, 0, rate - hash->used);
    hash->block[hash->used] = suffix;
    hash->block[rate - 1] |= 0x80;
    hash_keccak_compress(hash, hash->block);
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && i % rate == 0) {
            permute(hash->state.longs);
        }
        out[i] = byte_of64(hash->state.longs, i % rate, 0);
    }
}

void hash_sha3_finish(hash_t *hash, uint8_t *out, size_t size) {
    finish(hash, 0x06, out, size);
}

void hash_shake_finish(hash_t *hash, uint8_t *out, size_t size) {
    finish(hash, 0x1f, out, size);
}
