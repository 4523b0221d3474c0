// memory.c - see memory.h.

#include <stdint.h>
#include <string.h>

#include "coroutine.h"
#include "memory.h"
#include "mbedtls/build_info.h"
#include "py/gc.h"
#include "py/runtime.h"

typedef struct block {
    struct block *next, *previous;
    size_t size;
    size_t unused; // the content begins at a multiple of 16
} block_t;

MP_REGISTER_ROOT_POINTER(void *tls_blocks);

static tls_account_t *current;
static size_t used;

tls_account_t *tls_account(tls_account_t *account) {
    tls_account_t *before = current;
    current = account;
    return before;
}

size_t tls_memory_used(void) {
    return used;
}

static void count(ptrdiff_t size) {
    used += (size_t)size;
    if (current != NULL) {
        current->used += size;
        current->peak = MAX(current->peak, current->used);
    }
}

void *tls_calloc(size_t number, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(number, size, &total) || total > PTRDIFF_MAX - sizeof(block_t)) {
        return NULL;
    }
    total += sizeof(block_t);
    if (total > (size_t)TLS_ACCOUNT_MAX && current != NULL) {
        return NULL;
    }
    if (current != NULL && current->used + (ptrdiff_t)total > TLS_ACCOUNT_MAX) {
        return NULL;
    }
    block_t *block = coroutine_alloc(total);
    if (block == NULL) {
        return NULL;
    }
    memset(block, 0, total);
    block_t *first = MP_STATE_VM(tls_blocks);
    *block = (block_t) {.next = first, .size = total};
    if (first != NULL) {
        first->previous = block;
    }
    MP_STATE_VM(tls_blocks) = block;
    count((ptrdiff_t)total);
    return block + 1;
}

void tls_free(void *memory) {
    if (memory == NULL) {
        return;
    }
    block_t *block = (block_t *)memory - 1;
    if (block->previous != NULL) {
        block->previous->next = block->next;
    } else {
        MP_STATE_VM(tls_blocks) = block->next;
    }
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    count(-(ptrdiff_t)block->size);
    memset(block, 0, block->size);
    gc_free(block); // does nothing in a finaliser: then the next collection frees it
}
