// What port/platform/unikraft uses of Unikraft's allocator, in words of our own.
#ifndef PYMNET_TESTS_UK_ALLOC_H
#define PYMNET_TESTS_UK_ALLOC_H

struct uk_alloc;

struct uk_alloc *uk_alloc_get_default(void);
long uk_alloc_pmaxalloc(struct uk_alloc *a);
void *uk_palloc(struct uk_alloc *a, unsigned long pages);
void uk_pfree(struct uk_alloc *a, void *start, unsigned long pages);

#endif // PYMNET_TESTS_UK_ALLOC_H
