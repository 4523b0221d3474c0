// stacks.c - see stacks.h.
//
// The pool is cut from its start upwards; below each stack lies one page that never becomes present. A stack given back
// keeps its place and size and waits in a list for the next one of that size: a program uses very few sizes (16 KiB, and
// 64 KiB for main), and pages once present stay so, as taking them away again costs a flush.

#include <stdbool.h>

#include "fiber/fiber.h"
#include "platform.h"
#include "stacks.h"

#define SIZES_MAX 8

// Lies at the start of a stack that waits.
struct waiting {
    struct waiting *next;
};

static struct {
    size_t size;
    struct waiting *first;
} lists[SIZES_MAX];

static uintptr_t pool_start, pool_next, pool_end;
static bool guarded;

void stacks_init(uintptr_t start, uintptr_t end) {
    guarded = platform_pages_absent(&start, &end);
    pool_start = pool_next = start;
    pool_end = end;
}

size_t stacks_size(void) {
    return pool_end - pool_start;
}

// The list of a size, an unused one if there is none yet; NULL when all are taken by others.
static struct waiting **list_of(size_t size) {
    for (unsigned i = 0; i < SIZES_MAX; i++) {
        if (lists[i].size == 0) {
            lists[i].size = size;
        }
        if (lists[i].size == size) {
            return &lists[i].first;
        }
    }
    return NULL;
}

static void *cut(size_t size) {
    if (size > pool_end - pool_next || pool_end - pool_next - size < PLATFORM_PAGE) {
        return NULL;
    }
    uintptr_t stack = pool_next + PLATFORM_PAGE;
    pool_next = stack + size;
    if (guarded) {
        platform_pages_present(stack, pool_next);
    }
    return (void *)stack;
}

void *fiber_stack_alloc(size_t *size) {
    if (*size > SIZE_MAX - PLATFORM_PAGE) {
        return NULL;
    }
    *size = (*size + PLATFORM_PAGE - 1) & ~(PLATFORM_PAGE - 1);
    struct waiting **list = list_of(*size);
    if (list == NULL || *list == NULL) {
        return cut(*size);
    }
    struct waiting *stack = *list;
    *list = stack->next;
    return stack;
}

void fiber_stack_free(void *stack, size_t size) {
    struct waiting **list = list_of(size);
    if (list != NULL) { // else it is lost: more than SIZES_MAX sizes were in use
        struct waiting *waiting = stack;
        waiting->next = *list;
        *list = waiting;
    }
}

const char *runtime_name_address(uintptr_t address, bool absent) {
    if (address < pool_start || address >= pool_end) {
        return NULL;
    }
    if (address >= pool_next) {
        return "the unused part of the stack pool";
    }
    return absent ? "the guard page of a fiber's stack: stack overflow" : "a fiber's stack";
}
