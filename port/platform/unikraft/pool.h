// pool.h - a pool of netbufs: a fixed number in .bss, each with its buffer, and a free list. Nothing of a
// frame comes from Unikraft's allocator (docs/adr/0013).

#ifndef PYMNET_UNIKRAFT_POOL_H
#define PYMNET_UNIKRAFT_POOL_H

#include <stddef.h>
#include <stdint.h>
#include <uk/netbuf.h>

// A ring of QEMU's has 256 descriptors, and a netbuf takes one or two. A few more are in use outside the
// ring.
#define POOL_SIZE 272
#define POOL_BUFFER 2048 // bytes, and the alignment that some drivers need

struct pool {
    uint8_t buffers[POOL_SIZE][POOL_BUFFER] __attribute__((aligned(POOL_BUFFER)));
    struct uk_netbuf netbufs[POOL_SIZE], *free[POOL_SIZE];
    unsigned count;    // number of free ones
    uint16_t headroom; // bytes that the driver needs before a frame
};

// Initialises the pool with all netbufs free; the first call.
void pool_init(struct pool *pool, uint16_t headroom);

// Takes an empty netbuf with its data pointer behind the headroom; its destructor returns it. NULL: none is
// free.
struct uk_netbuf *pool_take(struct pool *pool);

// Returns the bytes for data in each.
static inline size_t pool_room(const struct pool *pool) {
    return pool->headroom < POOL_BUFFER ? POOL_BUFFER - pool->headroom : 0;
}

#endif // PYMNET_UNIKRAFT_POOL_H
