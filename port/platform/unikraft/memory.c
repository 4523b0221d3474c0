// memory.c - see memory.h. Takes the allocator's largest blocks one after the other and merges neighbors.

#include <stdbool.h>
#include <stddef.h>
#include <uk/alloc.h>

#include "memory.h"
#include "platform.h"

#define BLOCKS_MAX 64
#define BLOCK_PAGES_MIN 16 // smaller ones are left to Unikraft

struct block {
    uintptr_t start;
    unsigned long pages;
};

static uintptr_t end_of(const struct block *block) {
    return block->start + block->pages * PLATFORM_PAGE;
}

// Inserts a block, sorted by address.
static void insert(struct block *blocks, unsigned count, struct block block) {
    while (count > 0 && blocks[count - 1].start > block.start) {
        blocks[count] = blocks[count - 1];
        count--;
    }
    blocks[count] = block;
}

static unsigned take_blocks(struct uk_alloc *from, struct block *blocks) {
    unsigned count = 0;
    while (count < BLOCKS_MAX) {
        long most = (long)uk_alloc_pmaxalloc(from);
        unsigned long pages = BLOCK_PAGES_MIN;
        while (most > 0 && pages * 2 <= (unsigned long)most) {
            pages *= 2;
        }
        void *start = most < BLOCK_PAGES_MIN ? NULL : uk_palloc(from, pages);
        if (start == NULL) {
            break;
        }
        insert(blocks, count++, (struct block) {(uintptr_t)start, pages});
    }
    return count;
}

static struct memory longest_run(const struct block *blocks, unsigned count) {
    struct memory best = {0, 0}, run = {0, 0};
    for (unsigned i = 0; i < count; i++) {
        if (i == 0 || blocks[i].start != run.end) {
            run.start = blocks[i].start;
        }
        run.end = end_of(&blocks[i]);
        best = run.end - run.start > best.end - best.start ? run : best;
    }
    return best;
}

struct memory memory_take(size_t limit) {
    struct block blocks[BLOCKS_MAX];
    struct uk_alloc *from = uk_alloc_get_default();
    unsigned count = take_blocks(from, blocks);
    struct memory run = longest_run(blocks, count);
    if (run.end - run.start > limit) {
        run.end = run.start + (limit & ~(PLATFORM_PAGE - 1));
    }
    for (unsigned i = 0; i < count; i++) {
        if (blocks[i].start < run.start || blocks[i].start >= run.end) {
            uk_pfree(from, (void *)blocks[i].start, blocks[i].pages);
        }
    }
    return run;
}
