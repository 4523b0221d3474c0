// memory.h - memory of Mbed TLS: blocks of the collected heap, in one list that the collector follows. Each is freed by
// who allocated it, never by the collector.

#ifndef TLS_MEMORY_H
#define TLS_MEMORY_H

#include <stddef.h>

#define TLS_ACCOUNT_MAX ((ptrdiff_t)256 * 1024) // bytes of one session

typedef struct {
    ptrdiff_t used, peak;
} tls_account_t;

// The account of what is allocated and freed from now on; returns the one before. NULL: none.
tls_account_t *tls_account(tls_account_t *account);

// All that is allocated, in bytes.
size_t tls_memory_used(void);

#endif
