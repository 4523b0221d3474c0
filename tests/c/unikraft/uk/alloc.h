// What port/unikraft uses of Unikraft's allocator, in words of our own.
#ifndef PYMNET_TESTS_UK_ALLOC_H
#define PYMNET_TESTS_UK_ALLOC_H

#include <stddef.h>

struct uk_alloc;

struct uk_alloc *uk_alloc_get_default(void);
void *uk_malloc(struct uk_alloc *a, size_t size);
void *uk_memalign(struct uk_alloc *a, size_t align, size_t size);

#endif // PYMNET_TESTS_UK_ALLOC_H
