// blake2.c - BLAKE2b and BLAKE2s (RFC 7693), with their parameters.

#include <string.h>

#include "hash.h"

// clang-format off
static const uint8_t orders[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
// clang-format on
// clang-format off
static const uint8_t places[8][4] = {
    {0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}, // columns
    {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}, // diagonals
};
// clang-format on

static void mix64(uint64_t *v, const uint8_t *at, uint64_t x, uint64_t y) {
    uint64_t *a = v + at[0], *b = v + at[1], *c = v + at[2], *d = v + at[3];
    *a += *b + x;
    *d = right64(*d ^ *a, 32);
    *c += *d;
    *b = right64(*b ^ *c, 24);
    *a += *b + y;
    *d = right64(*d ^ *a, 16);
    *c += *d;
    *b = right64(*b ^ *c, 63);
}

// `last`: all ones for the last block.
static void compress64(hash_t *hash, const uint8_t *block, uint64_t last) {
    uint64_t v[16], words[16], *h = hash->state.longs;
    hash_t start;
    hash_sha512_init(&start);
    memcpy(v, h, sizeof(v) / 2);
    memcpy(v + 8, start.state.longs, sizeof(v) / 2);
    v[12] ^= (uint64_t)hash->length;
    // v[13]: a message of 2^64 bytes there is not
    v[14] ^= last;
    v[15] ^= hash->last_node ? last : 0;
    for (int i = 0; i < 16; i++) {
        words[i] = load64(block + 8 * i, 0);
    }
    for (int round = 0; round < 12; round++) {
        const uint8_t *order = orders[round % 10];
        for (int i = 0; i < 8; i++) {
            mix64(v, places[i], words[order[2 * i]], words[order[2 * i + 1]]);
        }
    }
    for (int i = 0; i < 8; i++) {
        h[i] ^= v[i] ^ v[i + 8];
    }
}

static void blake2b_compress(hash_t *hash, const uint8_t *block) {
    compress64(hash, block, 0);
}

static void blake2b_finish(hash_t *hash, uint8_t *out, size_t size) {
    memset(hash->block + hash->used, 0, sizeof(hash->block) - hash->used);
    hash->length += hash->used;
    compress64(hash, hash->block, (uint64_t)-1);
    for (size_t i = 0; i < size; i++) {
        out[i] = byte_of64(hash->state.longs, i, 0);
    }
}

static void mix32(uint32_t *v, const uint8_t *at, uint32_t x, uint32_t y) {
    uint32_t *a = v + at[0], *b = v + at[1], *c = v + at[2], *d = v + at[3];
    *a += *b + x;
    *d = right32(*d ^ *a, 16);
    *c += *d;
    *b = right32(*b ^ *c, 12);
    *a += *b + y;
    *d = right32(*d ^ *a, 8);
    *c += *d;
    *b = right32(*b ^ *c, 7);
}

// `last`: all ones for the last block.
static void compress32(hash_t *hash, const uint8_t *block, uint32_t last) {
    uint32_t v[16], words[16], *h = hash->state.words;
    hash_t start;
    hash_sha256_init(&start);
    memcpy(v, h, sizeof(v) / 2);
    memcpy(v + 8, start.state.words, sizeof(v) / 2);
    v[12] ^= (uint32_t)hash->length;
    v[13] ^= (uint32_t)(hash->length >> 32);
    v[14] ^= last;
    v[15] ^= hash->last_node ? last : 0;
    for (int i = 0; i < 16; i++) {
        words[i] = load32(block + 4 * i, 0);
    }
    for (int round = 0; round < 10; round++) {
        const uint8_t *order = orders[round % 10];
        for (int i = 0; i < 8; i++) {
            mix32(v, places[i], words[order[2 * i]], words[order[2 * i + 1]]);
        }
    }
    for (int i = 0; i < 8; i++) {
        h[i] ^= v[i] ^ v[i + 8];
    }
}

static void blake2s_compress(hash_t *hash, const uint8_t *block) {
    compress32(hash, block, 0);
}

static void blake2s_finish(hash_t *hash, uint8_t *out, size_t size) {
    memset(hash->block + hash->used, 0, sizeof(hash->block) - hash->used);
    hash->length += hash->used;
    compress32(hash, hash->block, (uint32_t)-1);
    for (size_t i = 0; i < size; i++) {
        out[i] = byte_of32(hash->state.words, i, 0);
    }
}

const hash_kind_t hash_blake2b = {"blake2b", 64, 128, hash_sha512_init, blake2b_compress, blake2b_finish};
const hash_kind_t hash_blake2s = {"blake2s", 32, 64, hash_sha256_init, blake2s_compress, blake2s_finish};

void blake2_init(hash_t *hash, const hash_kind_t *kind, const uint8_t *parameters) {
    hash_init(hash, kind);
    for (int i = 0; i < 8; i++) {
        if (kind == &hash_blake2b) {
            hash->state.longs[i] ^= load64(parameters + 8 * i, 0);
        } else {
            hash->state.words[i] ^= load32(parameters + 4 * i, 0);
        }
    }
    hash->digest_size = parameters[0];
}
