// fake_alloc.h - Unikraft's allocator of pages, which hands them out in powers of two. The pages are numbers only.

#ifndef PYMNET_TESTS_FAKE_ALLOC_H
#define PYMNET_TESTS_FAKE_ALLOC_H

#include <stdint.h>
#include <uk/alloc.h>

#define FAKE_BLOCKS 256

extern struct fake_alloc {
    struct {
        uintptr_t start;
        unsigned long pages;
    } blocks[FAKE_BLOCKS]; // that are free
    unsigned count;
} fake_alloc;

// Frees a range, in blocks as large as their places allow.
void fake_alloc_add(uintptr_t start, unsigned long pages);

// Pages that are free.
unsigned long fake_alloc_left(void);

#endif // PYMNET_TESTS_FAKE_ALLOC_H
