// sha1.c - SHA-1 (FIPS 180-4).

#include "hash.h"

void hash_sha1_init(hash_t *hash) {
    uint32_t *h = hash->state.words;
    h[0] = 0x67452301;
    h[1] = 0xefcdab89;
    h[2] = 0x98badcfe;
    h[3] = 0x10325476;
    h[4] = 0xc3d2e1f0;
}

static uint32_t mix(int round, uint32_t b, uint32_t c, uint32_t d) {
    static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t parity = b ^ c ^ d;
    uint32_t choice = round == 0 ? (b & c) | (~b & d) : (b & c) | (b & d) | (c & d);
    return constants[round] + (round % 2 == 0 ? choice : parity);
}

void hash_sha1_compress(hash_t *hash, const uint8_t *block) {
    uint32_t *h = hash->state.words;
    uint32_t words[16]; // of the message schedule, the last 16
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
        uint32_t *word = &words[i % 16];
        if (i < 16) {
            *word = load32(block + 4 * i, 1);
        } else {
            *word = left32(words[(i + 13) % 16] ^ words[(i + 8) % 16] ^ words[(i + 2) % 16] ^ *word, 1);
        }
        uint32_t sum = left32(a, 5) + mix(i / 20, b, c, d) + e + *word;
        e = d;
        d = c;
        c = left32(b, 30);
        b = a;
        a = sum;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}
