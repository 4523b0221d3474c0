// random.c - see random.h.

#include <stdint.h>
#include <string.h>

#include "chacha20.h"
#include "platform.h"
#include "random.h"

#define RESEED_BYTES ((size_t)1 << 20)
#define RESEED_NS UINT64_C(60000000000)

// A smaller jump may come from a wall clock with a resolution of seconds, or from a correction.
#define JUMP_NS UINT64_C(1000000000)

static uint8_t key[CHACHA20_KEY_SIZE];
static size_t given_out; // bytes since the last fresh entropy
static uint64_t reseed_at;
static uint64_t clock_offset; // wall clock minus monotonic clock, at the last check

// A memset that the compiler cannot omit.
static void forget(void *secret, size_t size) {
    memset(secret, 0, size);
    __asm__ volatile("" : : "r"(secret) : "memory");
}

// The key never repeats, so the nonce need not change.
static const uint8_t nonce[CHACHA20_NONCE_SIZE];

// Whether the machine was paused or copied. A false alarm costs only a reseed.
static bool clock_has_jumped(void) {
    uint64_t offset = platform_clock_wall() - platform_clock_monotonic();
    uint64_t moved = offset - clock_offset;
    clock_offset = offset;
    return moved + JUMP_NS > 2 * JUMP_NS;
}

static void mix(const uint8_t *entropy, size_t size) {
    for (size_t i = 0; i < size; i++) {
        key[i % sizeof(key)] ^= entropy[i];
    }
    uint8_t block[CHACHA20_BLOCK_SIZE];
    chacha20_block(key, 0, nonce, block);
    memcpy(key, block, sizeof(key));
    given_out = 0;
    clock_has_jumped(); // from here on
    reseed_at = platform_clock_monotonic() + RESEED_NS;
}

bool random_init(void) {
    uint8_t entropy[CHACHA20_KEY_SIZE];
    size_t size = 0;
    while (size < sizeof(entropy)) {
        size_t got = platform_entropy(entropy + size, sizeof(entropy) - size);
        if (got == 0) {
            return false; // less than a whole key is no key
        }
        size += got;
    }
    mix(entropy, size);
    return true;
}

void random_init_insecure(void) {
    uint64_t clocks[2] = {platform_clock_wall(), platform_clock_monotonic()};
    mix((const uint8_t *)clocks, sizeof(clocks));
}

static void refresh(void) {
    uint8_t entropy[CHACHA20_KEY_SIZE] = {0};
    bool jumped = clock_has_jumped();
    if (jumped || given_out >= RESEED_BYTES || platform_clock_monotonic() >= reseed_at) {
        mix(entropy, platform_entropy(entropy, sizeof(entropy))); // no entropy: the old key stays in use
    }
    size_t size = platform_entropy_now(entropy, sizeof(entropy));
    for (size_t i = 0; i < size; i++) { // output and the next key derive from it
        key[i] ^= entropy[i];
    }
    forget(entropy, sizeof(entropy));
}

void random_bytes(void *buffer, size_t size) {
    refresh();
    given_out += size;
    uint8_t *to = buffer;
    uint8_t block[CHACHA20_BLOCK_SIZE];
    // The first half of block 0 is the next key; output follows it.
    chacha20_block(key, 0, nonce, block);
    uint8_t next_key[CHACHA20_KEY_SIZE];
    memcpy(next_key, block, sizeof(next_key));
    size_t used = sizeof(next_key);
    for (uint32_t counter = 1; size > 0;) {
        if (used == sizeof(block)) {
            chacha20_block(key, counter++, nonce, block);
            used = 0;
        }
        size_t part = sizeof(block) - used < size ? sizeof(block) - used : size;
        memcpy(to, block + used, part);
        used += part;
        to += part;
        size -= part;
    }
    memcpy(key, next_key, sizeof(key));
    forget(next_key, sizeof(next_key));
    forget(block, sizeof(block));
}
