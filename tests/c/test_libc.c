// test_libc.c - port/libc against the host's library: the same results, no byte outside touched, at every alignment.

#include "check.h"

// The port's under other names; <string.h> declares them as well when it is first included.
#define memchr port_memchr
#define memcmp port_memcmp
#define memcpy port_memcpy
#define memmove port_memmove
#define memset port_memset
#define strchr port_strchr
#define strlen port_strlen
#define strncmp port_strncmp
#define strcmp port_strcmp
#define strnlen port_strnlen
#define strrchr port_strrchr
#define strstr port_strstr
#include "libc/memory.c"
#include "libc/string.c"
#undef memchr
#undef memcmp
#undef memcpy
#undef memmove
#undef memset
#undef strchr
#undef strlen
#undef strncmp
#undef strcmp
#undef strnlen
#undef strrchr
#undef strstr
extern void *memchr(const void *, int, size_t);
extern int memcmp(const void *, const void *, size_t);
extern void *memmove(void *, const void *, size_t);
extern void *memset(void *, int, size_t);
extern char *strchr(const char *, int);
extern size_t strlen(const char *);
extern int strncmp(const char *, const char *, size_t);
extern int strcmp(const char *, const char *);
extern char *strrchr(const char *, int);
extern char *strstr(const char *, const char *);

#define ROOM 512
#define SIZES 300

static uint8_t first[ROOM], second[ROOM], expected[ROOM];

static int sign(int value) {
    return (value > 0) - (value < 0);
}

static void test_copies(void) {
    for (size_t size = 0; size < SIZES; size++) {
        for (unsigned turn = 0; turn < 40; turn++) {
            size_t from = random_below(ROOM - size), to = random_below(ROOM - size);
            random_fill(first, ROOM);
            random_fill(second, ROOM);
            memmove(expected, second, ROOM);
            memmove(expected + to, first + from, size);
            CHECK(port_memcpy(second + to, first + from, size) == second + to);
            CHECK(memcmp(second, expected, ROOM) == 0);
            memmove(expected, first, ROOM); // overlapping
            memmove(expected + to, expected + from, size);
            CHECK(port_memmove(first + to, first + from, size) == first + to);
            CHECK(memcmp(first, expected, ROOM) == 0);
            int value = (int)random_next();
            memset(expected + to, value, size);
            CHECK(port_memset(first + to, value, size) == first + to);
            CHECK(memcmp(first, expected, ROOM) == 0);
        }
    }
}

// Every distance between source and destination, for sizes about the borders between the ways they are moved.
static void test_overlaps(void) {
    static const size_t sizes[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 100};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (size_t to = 0; to < 2 * sizes[i] + 2; to++) {
            random_fill(first, ROOM);
            memmove(expected, first, ROOM);
            memmove(expected + to, expected + sizes[i] + 1, sizes[i]);
            port_memmove(first + to, first + sizes[i] + 1, sizes[i]);
            CHECK(memcmp(first, expected, ROOM) == 0);
        }
    }
}

// In blocks of their own, so that the sanitizer sees a byte too many.
static void test_exact_blocks(void) {
    for (size_t size = 0; size < SIZES; size++) {
        uint8_t *a = malloc(size), *b = malloc(size);
        port_memset(a, 7, size);
        port_memcpy(b, a, size);
        port_memmove(a, b, size);
        CHECK(port_memcmp(a, b, size) == 0 && port_memchr(a, 8, size) == NULL);
        if (size > 0) {
            size_t at = random_below(size);
            b[at] ^= 0x80;
            CHECK(sign(port_memcmp(a, b, size)) == sign(memcmp(a, b, size)));
            CHECK(port_memchr(b, 7 ^ 0x80, size) == b + at);
        }
        free(a);
        free(b);
    }
}

static char *random_string(size_t longest) {
    size_t length = random_below(longest + 1);
    char *string = malloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        string[i] = random_below(50) == 0 ? (char)0xe9 : (char)('a' + random_below(3));
    }
    string[length] = '\0';
    return string;
}

static void test_strings(void) {
    for (unsigned turn = 0; turn < 20000; turn++) {
        char *a = random_string(20), *b = random_string(5);
        size_t size = random_below(25);
        int c = random_below(4) == 0 ? 0 : a[0];
        CHECK(port_strlen(a) == strlen(a));
        CHECK(port_strnlen(a, size) == (strlen(a) < size ? strlen(a) : size));
        CHECK(sign(port_strcmp(a, b)) == sign(strcmp(a, b)));
        CHECK(sign(port_strncmp(a, b, size)) == sign(strncmp(a, b, size)));
        CHECK(port_strchr(a, c) == strchr(a, c) && port_strrchr(a, c) == strrchr(a, c));
        CHECK(port_strchr(a, 'z') == NULL && port_strrchr(a, 'z') == NULL);
        CHECK(port_strstr(a, b) == strstr(a, b));
        free(a);
        free(b);
    }
}

int main(void) {
    test_copies();
    test_overlaps();
    test_exact_blocks();
    test_strings();
    return 0;
}
