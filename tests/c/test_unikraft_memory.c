// test_unikraft_memory.c - port/platform/unikraft/memory.c: one piece of memory out of an allocator that has powers of two.

#include "check.h"
#include "fake_alloc.h"
#include "platform.h"
#include "platform/unikraft/memory.h"

#define PAGE PLATFORM_PAGE
#define MIB ((uintptr_t)1 << 20)

static void begin(void) {
    fake_alloc = (struct fake_alloc) {.count = 0};
}

static void check_memory(size_t limit, uintptr_t start, uintptr_t end) {
    unsigned long before = fake_alloc_left();
    struct memory memory = memory_take(limit);
    CHECK(memory.start == start && memory.end == end);
    unsigned long taken = (end - start) / PAGE, left = fake_alloc_left();
    CHECK(before - left >= taken && before - left < taken + taken / 8 + 1); // a block that is cut stays with us
    for (unsigned i = 0; i < fake_alloc.count; i++) {
        CHECK(fake_alloc.blocks[i].start + fake_alloc.blocks[i].pages * PAGE <= start
            || fake_alloc.blocks[i].start >= end);
    }
}

static void test_no_memory(void) {
    begin();
    check_memory(SIZE_MAX, 0, 0);
    fake_alloc_add(MIB, 8); // too small to be worth it
    check_memory(SIZE_MAX, 0, 0);
}

static void test_blocks_become_one(void) {
    begin();
    fake_alloc_add(3 * MIB, 61 * MIB / PAGE); // 1 + 4 + 8 + 16 + 32 MiB
    check_memory(SIZE_MAX, 3 * MIB, 64 * MIB);
}

static void test_the_longest_of_several(void) {
    begin();
    fake_alloc_add(16 * MIB, 8 * MIB / PAGE);
    fake_alloc_add(32 * MIB, 8 * MIB / PAGE);
    fake_alloc_add(40 * MIB, 1 * MIB / PAGE);
    fake_alloc_add(64 * MIB, 8 * MIB / PAGE);
    check_memory(SIZE_MAX, 32 * MIB, 41 * MIB);
}

static void test_a_limit(void) {
    begin();
    fake_alloc_add(MIB, 63 * MIB / PAGE);
    check_memory(7 * MIB + 100, MIB, 8 * MIB);
}

static void test_more_blocks_than_are_looked_at(void) {
    begin();
    for (uintptr_t i = 0; i < 100; i++) {
        fake_alloc_add((4 * i + 4) * MIB, MIB / PAGE);
    }
    struct memory memory = memory_take(SIZE_MAX);
    CHECK(memory.end - memory.start == MIB);
}

int main(void) {
    test_no_memory();
    test_blocks_become_one();
    test_the_longest_of_several();
    test_a_limit();
    test_more_blocks_than_are_looked_at();
    return 0;
}
