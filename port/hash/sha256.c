// sha256.c - SHA-224 and SHA-256 (FIPS 180-4).

#include <string.h>

#include "hash.h"

void hash_sha224_init(hash_t *hash) {
    // clang-format off
    static const uint32_t start[8] = {
        0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
        0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
    };
    // clang-format on
    memcpy(hash->state.words, start, sizeof(start));
}

void hash_sha256_init(hash_t *hash) {
    // clang-format off
    static const uint32_t start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    // clang-format on
    memcpy(hash->state.words, start, sizeof(start));
}

void hash_sha256_compress(hash_t *hash, const uint8_t *block) {
    uint32_t *h = hash->state.words;
    uint32_t words[16]; // of the message schedule, the last 16
    uint32_t v[8];      // a to h
    memcpy(v, h, sizeof(v));
    for (int i = 0; i < 64; i++) {
        uint32_t *word = &words[i % 16];
        if (i < 16) {
            *word = load32(block + 4 * i, 1);
        } else {
            uint32_t x = words[(i + 1) % 16], y = words[(i + 14) % 16];
            x = right32(x, 7) ^ right32(x, 18) ^ x >> 3;
            y = right32(y, 17) ^ right32(y, 19) ^ y >> 10;
            *word += x + words[(i + 9) % 16] + y;
        }
        uint32_t a = v[0], e = v[4];
        uint32_t t = v[7] + (right32(e, 6) ^ right32(e, 11) ^ right32(e, 25));
        t += ((e & v[5]) ^ (~e & v[6])) + (uint32_t)(sha2_constants[i] >> 32) + *word;
        uint32_t u = (right32(a, 2) ^ right32(a, 13) ^ right32(a, 22));
        u += (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, sizeof(v) - sizeof(v[0]));
        v[0] = t + u;
        v[4] += t;
    }
    for (int i = 0; i < 8; i++) {
        h[i] += v[i];
    }
}

void hash_sha256_finish(hash_t *hash, uint8_t *out, size_t size) {
    hash_pad(hash, 8, 1);
    for (size_t i = 0; i < size; i++) {
        out[i] = byte_of32(hash->state.words, i, 1);
    }
}
