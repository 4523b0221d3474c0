// memory.h - free RAM as one range, from an allocator that returns powers of two.

#ifndef PYMNET_UNIKRAFT_MEMORY_H
#define PYMNET_UNIKRAFT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct memory {
    uintptr_t start, end;
};

// Takes the longest run of free pages of Unikraft's allocator, or the first `limit` bytes of it, and leaves
// the rest. start == end: there are none.
struct memory memory_take(size_t limit);

#endif // PYMNET_UNIKRAFT_MEMORY_H
