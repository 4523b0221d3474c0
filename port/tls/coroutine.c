// coroutine.c - see coroutine.h.

#include <string.h>

#include "coroutine.h"
#include "mbedtls/threading.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"

#define CANARY UINT64_C(0x5ca1ab1e0ddba115)
#define CANARIES 8
#define CALLS_PER_LOOK 16 // of the clock

// fiber/switch_x86_64.S
void fiber_context_switch(void **save_sp, void *load_sp);
void *fiber_context_new(void *stack_top, void (*entry)(void));

static coroutine_t *running;
static unsigned calls;

// For short computations; the second one for those of a finaliser, in a collection that an allocation of the first caused.
#define SHARED 2
static coroutine_t shared[SHARED];
static unsigned char shared_stacks[SHARED][COROUTINE_STACK] __attribute__((aligned(16)));

static void leave(coroutine_reason_t reason) {
    coroutine_t *self = running;
    self->reason = reason;
    fiber_context_switch(&self->sp, self->caller);
}

static void coroutine_entry(void) {
    coroutine_t *self = running;
    self->result = self->run(self->argument);
    self->is_running = false;
    leave(COROUTINE_DONE); // for good
}

static bool prepare(coroutine_t *self) {
    if (self->stack == NULL) {
        // Not of tls_calloc(): what is on it refers to its session, which the collector would never find unused.
        self->stack = gc_alloc(COROUTINE_STACK, 0);
        if (self->stack == NULL) {
            return false;
        }
        memset(self->stack, 0, COROUTINE_STACK);
    }
    for (size_t i = 0; i < CANARIES; i++) {
        ((uint64_t *)self->stack)[i] = CANARY;
    }
    self->sp = fiber_context_new(self->stack + COROUTINE_STACK, coroutine_entry);
    self->is_running = true;
    return true;
}

// An overflow has already destroyed a neighbour in the heap: nothing can be trusted any more.
static void check(const coroutine_t *self) {
    for (size_t i = 0; i < CANARIES; i++) {
        if (((const uint64_t *)self->stack)[i] != CANARY) {
            mp_printf(&mp_plat_print, "tls: stack overflow\n");
            nlr_jump_fail(NULL);
        }
    }
}

static void enter(coroutine_t *self) {
    coroutine_t *outer = running;
    running = self;
    tls_account_t *before = tls_account(self->account);
    fiber_context_switch(&self->caller, self->sp);
    self->account = tls_account(before);
    running = outer;
    check(self);
}

// Enters it again and again while all that it wants is memory.
static coroutine_reason_t enter_with_memory(coroutine_t *self) {
    self->until = mp_hal_ticks_us() + COROUTINE_SLICE_US;
    for (;;) {
        enter(self);
        if (self->reason != COROUTINE_MEMORY) {
            return self->reason;
        }
        self->given = self->is_ending ? NULL : gc_alloc(self->wanted, 0);
    }
}

coroutine_reason_t coroutine_continue(coroutine_t *self, int failure) {
    if (!self->is_running && !prepare(self)) {
        self->result = failure;
        return COROUTINE_DONE;
    }
    coroutine_reason_t reason = enter_with_memory(self);
    if (reason != COROUTINE_LOCKED) {
        return reason;
    }
    coroutine_t *holder = self->holder;
    if (holder != NULL && holder != self) {
        holder->is_pushed = true;
        enter_with_memory(holder);
        holder->is_pushed = false;
    }
    return COROUTINE_PAUSED;
}

int coroutine_call(int (*run)(void *), void *argument, tls_account_t *account) {
    size_t i = shared[0].is_running ? 1 : 0; // a finaliser allocates nothing: no third
    coroutine_t *self = &shared[i];
    *self = (coroutine_t) {
        .run = run, .argument = argument, .account = account, .stack = shared_stacks[i], .is_short = true};
    prepare(self);
    enter_with_memory(self);
    return self->result;
}

void coroutine_end(coroutine_t *self) {
    self->is_ending = true;
    while (self->is_running) {
        enter_with_memory(self);
    }
    self->is_ending = false;
    coroutine_free_stack(self);
}

void coroutine_free_stack(coroutine_t *self) {
    gc_free(self->stack);
    self->stack = NULL;
}

size_t coroutine_depth(const coroutine_t *self) {
    size_t unused = CANARIES * sizeof(uint64_t);
    while (self->stack != NULL && unused < COROUTINE_STACK && self->stack[unused] == 0) {
        unused++;
    }
    return self->stack == NULL ? 0 : COROUTINE_STACK - unused;
}

void coroutine_ask(void) {
    if (!running->is_ending && !running->is_short) {
        leave(COROUTINE_ASKS);
    }
}

void *coroutine_alloc(size_t size) {
    if (running == NULL) {
        return gc_alloc(size, 0);
    }
    running->wanted = size;
    leave(COROUTINE_MEMORY);
    return running->given;
}

void tls_pause(void) {
    if (running == NULL || running->is_short || running->is_ending || ++calls % CALLS_PER_LOOK != 0) {
        return;
    }
    if (mp_hal_ticks_us() >= running->until) {
        leave(COROUTINE_PAUSED);
    }
}

// Mutexes ------------------------------------------------------------------------------------------------------------

static void mutex_init(mbedtls_threading_mutex_t *mutex) {
    *mutex = (mbedtls_threading_mutex_t) {false, NULL};
}

static int mutex_lock(mbedtls_threading_mutex_t *mutex) {
    while (mutex->locked) {
        if (running == NULL || running->is_short || running->is_ending) {
            return MBEDTLS_ERR_THREADING_MUTEX_ERROR;
        }
        running->holder = mutex->holder;
        leave(COROUTINE_LOCKED);
    }
    *mutex = (mbedtls_threading_mutex_t) {true, running};
    return 0;
}

static int mutex_unlock(mbedtls_threading_mutex_t *mutex) {
    mutex_init(mutex);
    if (running != NULL && running->is_pushed) {
        leave(COROUTINE_PAUSED);
    }
    return 0;
}

void coroutine_mutexes(void) {
    mbedtls_threading_set_alt(mutex_init, mutex_init, mutex_lock, mutex_unlock);
}
