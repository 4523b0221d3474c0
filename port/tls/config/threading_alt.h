// threading_alt.h - Mbed TLS's mutexes, for coroutines (coroutine.h): one that waits lets the holder run.

#ifndef TLS_THREADING_ALT_H
#define TLS_THREADING_ALT_H

#include <stdbool.h>

typedef struct {
    bool locked;
    struct coroutine *holder; // NULL: code outside coroutines
} mbedtls_threading_mutex_t;

#endif
