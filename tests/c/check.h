// check.h - helpers of C tests: a check that reports where it failed, and random numbers from a seed.

#ifndef PYMNET_TESTS_CHECK_H
#define PYMNET_TESTS_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

// Runs a test in a process of its own: for modules that can be started only once.
static inline void check_apart(void (*test)(void)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        test();
        exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// xorshift64 (Marsaglia 2003): the same numbers in every run.
static inline uint64_t random_next(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static inline size_t random_below(size_t limit) {
    return (size_t)(random_next() % limit);
}

static inline void random_fill(void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)bytes)[i] = (uint8_t)random_next();
    }
}

#endif // PYMNET_TESTS_CHECK_H
