// stack_mmap.c - the functions that fibers require, in MicroPython's unix build: fiber.h's contract over
// mmap(2) and malloc(3). Tests and benchmarks only; images use port/stacks.c.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fiber.h"

#define STACK_SIZE ((size_t)4 << 20)

char *fiber_stack(size_t *size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *low =
        mmap(NULL, page + STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (low == MAP_FAILED || mprotect(low, page, PROT_NONE) != 0) {
        return NULL;
    }
    *size = STACK_SIZE;
    return low + page;
}

void *fiber_piece_alloc(void) {
    return malloc(FIBER_PIECE);
}

bool fiber_piece_free(void *piece) {
    free(piece);
    return true;
}

size_t fiber_pieces_free(void) {
    return SIZE_MAX;
}
