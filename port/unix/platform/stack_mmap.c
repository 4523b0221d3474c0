// stack_mmap.c - C stacks for fibers in MicroPython's unix build: fiber.h's contract over mmap(2). Tests and
// benchmarks only; the images have port/'s own.

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fiber.h"

void *fiber_stack_alloc(size_t *size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (*size > SIZE_MAX / 2) {
        return NULL;
    }
    size_t usable = (*size + page - 1) / page * page;
    char *low = mmap(NULL, page + usable, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (low == MAP_FAILED) {
        return NULL;
    }
    if (mprotect(low, page, PROT_NONE) != 0) {
        munmap(low, page + usable);
        return NULL;
    }
    *size = usable;
    return low + page;
}

void fiber_stack_free(void *stack, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap((char *)stack - page, page + size);
}
