// coroutine.h - a computation on a stack of its own, in pieces: it returns to its caller after some time, and where it
// needs the heap, a mutex or an answer. So a handshake does not stop the other tasks; the collector never sees Mbed TLS's
// stack as the running one, and no task needs room for it on its own.

#ifndef TLS_COROUTINE_H
#define TLS_COROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

#define COROUTINE_STACK 16384 // bytes; a handshake uses 4 KiB (tests/mp/test_tls.py)
#define COROUTINE_SLICE_US 2000

typedef enum {
    COROUTINE_DONE,
    COROUTINE_PAUSED,
    COROUTINE_ASKS,   // for an answer of the caller
    COROUTINE_MEMORY, // these two are dealt with here
    COROUTINE_LOCKED,
} coroutine_reason_t;

typedef struct coroutine {
    void *sp, *caller; // stack pointers: its own, and that of who continues it
    unsigned char *stack;
    int (*run)(void *);
    void *argument;
    int result;
    coroutine_reason_t reason;
    size_t wanted; // bytes
    void *given;
    struct coroutine *holder; // of the mutex that it waits for
    tls_account_t *account;
    uint64_t until;
    bool is_running; // between start and end of run()
    bool is_ending;  // gets no memory and no mutex, and does not pause
    bool is_pushed;  // continued by who waits for its mutex: returns when it unlocks
    bool is_short;   // does not pause, and fails where it would wait
} coroutine_t;

// Starts run(argument), or continues it, for a slice of time. Returns why it stopped: DONE (see `result`), PAUSED or ASKS.
// DONE with `result` of `failure`: no memory for the stack.
coroutine_reason_t coroutine_continue(coroutine_t *coroutine, int failure);

// Runs a short computation to its end on a stack that all share, and returns its result.
int coroutine_call(int (*run)(void *), void *argument, tls_account_t *account);

// Runs to the end what was begun, with failing allocations.
void coroutine_end(coroutine_t *coroutine);
void coroutine_free_stack(coroutine_t *coroutine);

// The bytes of its stack that were used.
size_t coroutine_depth(const coroutine_t *coroutine);

// Within: waits for coroutine_continue().
void coroutine_ask(void);

// Memory of the collected heap, by the caller if a coroutine runs. NULL: none.
void *coroutine_alloc(size_t size);

// Installs the mutexes (config/threading_alt.h).
void coroutine_mutexes(void);

#endif
