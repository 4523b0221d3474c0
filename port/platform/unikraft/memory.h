// memory.h - free RAM as one piece, out of an allocator that hands it out in powers of two.

#ifndef PYMNET_UNIKRAFT_MEMORY_H
#define PYMNET_UNIKRAFT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct memory {
    uintptr_t start, end;
};

// Takes the longest run of pages that Unikraft's allocator has left, or the first `limit` bytes of it, and leaves it the
// rest. start == end: there are none.
struct memory memory_take(size_t limit);

#endif // PYMNET_UNIKRAFT_MEMORY_H
