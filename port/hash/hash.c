// hash.c - what the hash functions share: blocks, padding, their table.

#include <string.h>

#include "hash.h"

const hash_kind_t hash_kinds[] = {
    {"md5", 16, 64, hash_md5_init, hash_md5_compress, hash_md5_finish},
    {"sha1", 20, 64, hash_sha1_init, hash_sha1_compress, hash_sha256_finish},
    {"sha224", 28, 64, hash_sha224_init, hash_sha256_compress, hash_sha256_finish},
    {"sha256", 32, 64, hash_sha256_init, hash_sha256_compress, hash_sha256_finish},
    {"sha384", 48, 128, hash_sha384_init, hash_sha512_compress, hash_sha512_finish},
    {"sha512", 64, 128, hash_sha512_init, hash_sha512_compress, hash_sha512_finish},
    {"sha3_224", 28, 144, hash_keccak_init, hash_keccak_compress, hash_sha3_finish},
    {"sha3_256", 32, 136, hash_keccak_init, hash_keccak_compress, hash_sha3_finish},
    {"sha3_384", 48, 104, hash_keccak_init, hash_keccak_compress, hash_sha3_finish},
    {"sha3_512", 64, 72, hash_keccak_init, hash_keccak_compress, hash_sha3_finish},
    {"shake_128", 0, 168, hash_keccak_init, hash_keccak_compress, hash_shake_finish},
    {"shake_256", 0, 136, hash_keccak_init, hash_keccak_compress, hash_shake_finish},
};
const size_t hash_kind_count = sizeof(hash_kinds) / sizeof(hash_kinds[0]);

const hash_kind_t *hash_kind(const char *name, size_t length) {
    for (size_t i = 0; i < hash_kind_count; i++) {
        if (strlen(hash_kinds[i].name) == length && memcmp(hash_kinds[i].name, name, length) == 0) {
            return &hash_kinds[i];
        }
    }
    return NULL;
}

void hash_init(hash_t *hash, const hash_kind_t *kind) {
    memset(hash, 0, sizeof(*hash));
    hash->kind = kind;
    hash->digest_size = kind->digest_size;
    kind->init(hash);
}

void hash_compress(hash_t *hash, const uint8_t *block) {
    hash->length += hash->kind->block_size;
    hash->kind->compress(hash, block);
}

void hash_update(hash_t *hash, const uint8_t *data, size_t size) {
    size_t block_size = hash->kind->block_size;
    while (size > 0) {
        if (hash->used == block_size) {
            hash_compress(hash, hash->block);
            hash->used = 0;
        }
        if (hash->used == 0) {
            for (; size > block_size; size -= block_size, data += block_size) {
                hash_compress(hash, data);
            }
        }
        size_t room = block_size - hash->used;
        size_t count = size < room ? size : room;
        memcpy(hash->block + hash->used, data, count);
        hash->used += count;
        data += count;
        size -= count;
    }
}

void hash_digest(const hash_t *hash, uint8_t *out, size_t size) {
    hash_t copy = *hash;
    copy.kind->finish(&copy, out, size);
}

void hash_pad(hash_t *hash, size_t field, int big_endian) {
    size_t block_size = hash->kind->block_size;
    uint64_t length = hash->length + hash->used;
    uint64_t bits[2] = {length << 3, length >> 61};
    if (hash->used == block_size) {
        hash_compress(hash, hash->block);
        hash->used = 0;
    }
    hash->block[hash->used++] = 0x80;
    if (hash->used > block_size - field) {
        memset(hash->block + hash->used, 0, block_size - hash->used);
        hash_compress(hash, hash->block);
        hash->used = 0;
    }
    memset(hash->block + hash->used, 0, block_size - hash->used);
    uint8_t *end = hash->block + block_size;
    for (size_t i = 0; i < field; i++) {
        *(big_endian ? end - 1 - i : end - field + i) = byte_of64(bits, i, 0);
    }
    hash_compress(hash, hash->block);
}
