// memory.c - the four functions a compiler may call by itself, and memchr.
//
// They copy by 16 bytes (SSE2, which every x86-64 has; NEON elsewhere) and 8: fast on hardware and under QEMU's TCG alike,
// where `rep movsb` takes 3.7 ns a byte. Sizes below 16 end in two overlapping words instead of a loop over bytes.
// Compiled with -fno-builtin and without loop idioms: they must not be turned into calls of themselves.

#include <stdint.h>
#include <string.h>

// May be unaligned and alias anything.
typedef long long vector16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t word8 __attribute__((aligned(1), may_alias));
typedef uint32_t word4 __attribute__((aligned(1), may_alias));
typedef uint16_t word2 __attribute__((aligned(1), may_alias));

#define AT(type, pointer, offset) (*(type *)((char *)(pointer) + (offset)))
#define AT_CONST(type, pointer, offset) (*(const type *)((const char *)(pointer) + (offset)))

// Up to 16 bytes. All loads come before all stores, so that it serves overlapping ranges too.
static inline void copy_small(void *to, const void *from, size_t size) {
    if (size >= 8) {
        word8 first = AT_CONST(word8, from, 0), last = AT_CONST(word8, from, size - 8);
        AT(word8, to, 0) = first;
        AT(word8, to, size - 8) = last;
    } else if (size >= 4) {
        word4 first = AT_CONST(word4, from, 0), last = AT_CONST(word4, from, size - 4);
        AT(word4, to, 0) = first;
        AT(word4, to, size - 4) = last;
    } else if (size >= 2) {
        word2 first = AT_CONST(word2, from, 0), last = AT_CONST(word2, from, size - 2);
        AT(word2, to, 0) = first;
        AT(word2, to, size - 2) = last;
    } else if (size == 1) {
        AT(char, to, 0) = AT_CONST(char, from, 0);
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    if (size <= 16) {
        copy_small(to, from, size);
        return to;
    }
    size_t done = 0;
    for (; size - done > 64; done += 64) {
        vector16 a = AT_CONST(vector16, from, done), b = AT_CONST(vector16, from, done + 16);
        vector16 c = AT_CONST(vector16, from, done + 32), d = AT_CONST(vector16, from, done + 48);
        AT(vector16, to, done) = a;
        AT(vector16, to, done + 16) = b;
        AT(vector16, to, done + 32) = c;
        AT(vector16, to, done + 48) = d;
    }
    for (; size - done > 16; done += 16) {
        AT(vector16, to, done) = AT_CONST(vector16, from, done);
    }
    AT(vector16, to, size - 16) = AT_CONST(vector16, from, size - 16);
    return to;
}

// Upwards; for `to` below `from`. Like memcpy, but the last block is read before the ones before it are written.
static void move_up(void *to, const void *from, size_t size) {
    vector16 last = AT_CONST(vector16, from, size - 16);
    size_t done = 0;
    for (; size - done > 32; done += 32) {
        vector16 a = AT_CONST(vector16, from, done), b = AT_CONST(vector16, from, done + 16);
        AT(vector16, to, done) = a;
        AT(vector16, to, done + 16) = b;
    }
    if (size - done > 16) {
        AT(vector16, to, done) = AT_CONST(vector16, from, done);
    }
    AT(vector16, to, size - 16) = last;
}

static void move_down(void *to, const void *from, size_t size) {
    vector16 first = AT_CONST(vector16, from, 0);
    size_t left = size;
    for (; left > 32; left -= 32) {
        vector16 a = AT_CONST(vector16, from, left - 16), b = AT_CONST(vector16, from, left - 32);
        AT(vector16, to, left - 16) = a;
        AT(vector16, to, left - 32) = b;
    }
    if (left > 16) {
        AT(vector16, to, left - 16) = AT_CONST(vector16, from, left - 16);
    }
    AT(vector16, to, 0) = first;
}

void *memmove(void *to, const void *from, size_t size) {
    if (size <= 16) {
        copy_small(to, from, size);
    } else if ((uintptr_t)to - (uintptr_t)from >= size) { // also true when `to` is below `from`
        if ((uintptr_t)from - (uintptr_t)to >= size) {
            memcpy(to, from, size);
        } else {
            move_up(to, from, size);
        }
    } else {
        move_down(to, from, size);
    }
    return to;
}

void *memset(void *bytes, int c, size_t size) {
    uint64_t word = (uint8_t)c * UINT64_C(0x0101010101010101);
    if (size < 16) {
        if (size >= 8) {
            AT(word8, bytes, 0) = word;
            AT(word8, bytes, size - 8) = word;
        } else {
            for (size_t i = 0; i < size; i++) {
                AT(char, bytes, i) = (char)c;
            }
        }
        return bytes;
    }
    const vector16 block = {(long long)word, (long long)word};
    size_t done = 0;
    for (; size - done > 64; done += 64) {
        AT(vector16, bytes, done) = block;
        AT(vector16, bytes, done + 16) = block;
        AT(vector16, bytes, done + 32) = block;
        AT(vector16, bytes, done + 48) = block;
    }
    for (; size - done > 16; done += 16) {
        AT(vector16, bytes, done) = block;
    }
    AT(vector16, bytes, size - 16) = block;
    return bytes;
}

int memcmp(const void *left, const void *right, size_t size) {
    size_t done = 0;
    while (size - done >= 8 && AT_CONST(word8, left, done) == AT_CONST(word8, right, done)) {
        done += 8;
    }
    for (; done < size; done++) {
        int difference = AT_CONST(unsigned char, left, done) - AT_CONST(unsigned char, right, done);
        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

void *memchr(const void *bytes, int c, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (AT_CONST(unsigned char, bytes, i) == (unsigned char)c) {
            return (char *)bytes + i;
        }
    }
    return NULL;
}
