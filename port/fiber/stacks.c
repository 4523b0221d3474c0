// stacks.c - C stacks for fibers, of one default size; a bounded number of free ones is kept, because on a
// busy server a fiber lives as long as a connection. A kept stack is linked through its topmost word, which
// is still in the cache.

#include "internal.h"

#define MAX_CACHED (64)
#define LINK(stack, size) (*(void **)((char *)(stack) + (size) - sizeof(void *)))

static size_t default_size = FIBER_STACK_SIZE;
static size_t given_size; // what the platform makes of default_size; 0: not asked yet
static void *cached;      // all of given_size bytes
static size_t n_cached;
static size_t n_in_use;

static void drop_cached(void) {
    while (cached != NULL) {
        void *stack = cached;
        cached = LINK(stack, given_size);
        fiber_stack_free(stack, given_size);
    }
    n_cached = 0;
    given_size = 0;
}

void *fiber_stack_take(size_t *size) {
    void *stack = cached;
    if (stack != NULL) {
        cached = LINK(stack, given_size);
        n_cached--;
    } else {
        given_size = default_size;
        stack = fiber_stack_alloc(&given_size);
        if (stack == NULL) {
            return NULL;
        }
    }
    *size = given_size;
    n_in_use++;
    return stack;
}

void fiber_stack_release(void *stack, size_t size) {
    n_in_use--;
    if (size != given_size || n_cached >= MAX_CACHED) {
        fiber_stack_free(stack, size);
        return;
    }
    LINK(stack, size) = cached;
    cached = stack;
    given_size = size;
    n_cached++;
}

size_t fiber_stack_default(void) {
    return default_size;
}

void fiber_stack_set_default(size_t size) {
    if (size != default_size) {
        drop_cached();
        default_size = size;
    }
}

size_t fiber_stacks_in_use(void) {
    return n_in_use;
}

size_t fiber_stacks_cached(void) {
    return n_cached;
}
