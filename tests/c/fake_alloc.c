// fake_alloc.c - see fake_alloc.h.

#include "check.h"
#include "fake_alloc.h"

#define PAGE 4096

struct fake_alloc fake_alloc;

static void put(uintptr_t start, unsigned long pages) {
    CHECK(fake_alloc.count < FAKE_BLOCKS);
    fake_alloc.blocks[fake_alloc.count].start = start;
    fake_alloc.blocks[fake_alloc.count++].pages = pages;
}

void fake_alloc_add(uintptr_t start, unsigned long pages) {
    while (pages > 0) {
        unsigned long block = 1;
        while (block * 2 <= pages && start % (block * 2 * PAGE) == 0) {
            block *= 2;
        }
        put(start, block);
        start += block * PAGE;
        pages -= block;
    }
}

unsigned long fake_alloc_left(void) {
    unsigned long left = 0;
    for (unsigned i = 0; i < fake_alloc.count; i++) {
        left += fake_alloc.blocks[i].pages;
    }
    return left;
}

struct uk_alloc *uk_alloc_get_default(void) {
    return (struct uk_alloc *)&fake_alloc;
}

static unsigned largest(void) {
    unsigned best = 0;
    for (unsigned i = 1; i < fake_alloc.count; i++) {
        best = fake_alloc.blocks[i].pages > fake_alloc.blocks[best].pages ? i : best;
    }
    return best;
}

long uk_alloc_pmaxalloc(struct uk_alloc *a) {
    (void)a;
    return fake_alloc.count == 0 ? 0 : (long)fake_alloc.blocks[largest()].pages;
}

void *uk_palloc(struct uk_alloc *a, unsigned long pages) {
    CHECK(pages > 0 && (pages & (pages - 1)) == 0);
    if (uk_alloc_pmaxalloc(a) < (long)pages) {
        return NULL;
    }
    unsigned at = largest();
    uintptr_t start = fake_alloc.blocks[at].start;
    unsigned long rest = fake_alloc.blocks[at].pages - pages;
    fake_alloc.blocks[at] = fake_alloc.blocks[--fake_alloc.count];
    fake_alloc_add(start + pages * PAGE, rest);
    return (void *)start;
}

void uk_pfree(struct uk_alloc *a, void *start, unsigned long pages) {
    (void)a;
    put((uintptr_t)start, pages);
}
