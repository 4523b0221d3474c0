// sum.c - the Internet checksum's sum, RFC 1071.
//
// Summed as little-endian 64-bit words with end-around carry: the order of bytes inside a one's complement sum does
// not matter until the end (section 2(B)), where the folded result is swapped once.

#include "wire.h"

static inline uint64_t add(uint64_t sum, uint64_t word) {
    sum += word;
    return sum + (sum < word);
}

static inline uint64_t load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t fold(uint64_t sum) {
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint32_t)sum;
}

uint32_t wire_sum(const uint8_t *p, size_t n, uint32_t initial) {
    uint64_t even = __builtin_bswap16((uint16_t)fold(initial));
    uint64_t odd = 0; // a second chain lets the two additions of a turn run side by side
    while (n >= 16) {
        even = add(even, load64(p));
        odd = add(odd, load64(p + 8));
        p += 16;
        n -= 16;
    }
    even = add(even, odd);
    if (n >= 8) {
        even = add(even, load64(p));
        p += 8;
        n -= 8;
    }
    uint64_t last = 0;
    memcpy(&last, p, n);
    return __builtin_bswap16((uint16_t)fold(add(even, last)));
}
