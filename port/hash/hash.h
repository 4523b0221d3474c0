// hash.h - hash functions: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), SHA-3 (FIPS 202), BLAKE2 (RFC 7693).

#ifndef HASH_HASH_H
#define HASH_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BLOCK_MAX 168 // bytes: the rate of SHAKE128
#define HASH_DIGEST_MAX 64 // bytes, of all but SHAKE

typedef struct hash hash_t;

typedef struct {
    const char *name;
    uint8_t digest_size; // bytes; 0: as many as are wanted (SHAKE)
    uint8_t block_size;  // bytes
    void (*init)(hash_t *hash);
    // Takes in one block; `length` counts it already.
    void (*compress)(hash_t *hash, const uint8_t *block);
    // Pads what `block` holds and writes `size` bytes of the digest.
    void (*finish)(hash_t *hash, uint8_t *out, size_t size);
} hash_kind_t;

struct hash {
    const hash_kind_t *kind;
    uint64_t length; // bytes compressed
    union {
        uint32_t words[16];
        uint64_t longs[25];
    } state;
    uint32_t used; // bytes in `block`; the last full block stays there, as BLAKE2 needs
    uint8_t block[HASH_BLOCK_MAX];
    uint8_t digest_size;
    uint8_t last_node; // of a BLAKE2 tree
};

extern const hash_kind_t hash_kinds[];
extern const size_t hash_kind_count;
extern const hash_kind_t hash_blake2b, hash_blake2s;
extern const uint64_t sha2_constants[80]; // the first 32 bits of the first 64 are SHA-256's

// NULL if there is none of that name.
const hash_kind_t *hash_kind(const char *name, size_t length);
void hash_init(hash_t *hash, const hash_kind_t *kind);
void hash_update(hash_t *hash, const uint8_t *data, size_t size);
// Leaves the hash as it is. `size` is digest_size, or any number for SHAKE.
void hash_digest(const hash_t *hash, uint8_t *out, size_t size);
// Compresses one block that is not in `block`.
void hash_compress(hash_t *hash, const uint8_t *block);
// With the parameter block of RFC 7693 2.5: 64 bytes for BLAKE2b, 32 for BLAKE2s.
void blake2_init(hash_t *hash, const hash_kind_t *kind, const uint8_t *parameters);

void hash_md5_init(hash_t *hash);
void hash_md5_compress(hash_t *hash, const uint8_t *block);
void hash_md5_finish(hash_t *hash, uint8_t *out, size_t size);
void hash_sha1_init(hash_t *hash);
void hash_sha1_compress(hash_t *hash, const uint8_t *block);
void hash_sha224_init(hash_t *hash);
void hash_sha256_init(hash_t *hash);
void hash_sha256_compress(hash_t *hash, const uint8_t *block);
void hash_sha256_finish(hash_t *hash, uint8_t *out, size_t size); // SHA-1's, too
void hash_sha384_init(hash_t *hash);
void hash_sha512_init(hash_t *hash);
void hash_sha512_compress(hash_t *hash, const uint8_t *block);
void hash_sha512_finish(hash_t *hash, uint8_t *out, size_t size);
void hash_keccak_init(hash_t *hash);
void hash_keccak_compress(hash_t *hash, const uint8_t *block);
void hash_sha3_finish(hash_t *hash, uint8_t *out, size_t size);
void hash_shake_finish(hash_t *hash, uint8_t *out, size_t size);

// Appends the bit 1, zeros and the length in bits, at the end of a block (`field` bytes), and compresses it.
void hash_pad(hash_t *hash, size_t field, int big_endian);

static inline uint32_t load32(const uint8_t *at, int big_endian) {
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) {
        word = word << 8 | at[big_endian ? i : 3 - i];
    }
    return word;
}

static inline uint64_t load64(const uint8_t *at, int big_endian) {
    uint64_t first = load32(at, big_endian), second = load32(at + 4, big_endian);
    return big_endian ? first << 32 | second : second << 32 | first;
}

// Byte `i` of a row of words.
static inline uint8_t byte_of32(const uint32_t *words, size_t i, int big_endian) {
    return words[i / 4] >> 8 * (big_endian ? 3 - i % 4 : i % 4);
}

static inline uint8_t byte_of64(const uint64_t *words, size_t i, int big_endian) {
    return words[i / 8] >> 8 * (big_endian ? 7 - i % 8 : i % 8);
}

static inline uint32_t left32(uint32_t x, int n) {
    return x << n | x >> (32 - n);
}

static inline uint32_t right32(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

static inline uint64_t right64(uint64_t x, int n) {
    return x >> n | x << (64 - n);
}

#endif
