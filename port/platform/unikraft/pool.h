// pool.h - netbufs that are ours: a fixed number in .bss, each with a buffer of its own, and a list of those that are
// free. Nothing of a frame comes from Unikraft's allocator (docs/adr/0013).

#ifndef PYMNET_UNIKRAFT_POOL_H
#define PYMNET_UNIKRAFT_POOL_H

#include <stddef.h>
#include <stdint.h>
#include <uk/netbuf.h>

// A ring of QEMU's has 256 descriptors, and a netbuf takes one of them or two. A few are for what is not in the ring.
#define POOL_SIZE 272
#define POOL_BUFFER 2048 // bytes, and so aligned: some drivers ask for it

struct pool {
    uint8_t buffers[POOL_SIZE][POOL_BUFFER] __attribute__((aligned(POOL_BUFFER)));
    struct uk_netbuf netbufs[POOL_SIZE], *free[POOL_SIZE];
    unsigned count;    // of free ones
    uint16_t headroom; // that the driver wants before a frame
};

// All are free. Once, before any other call.
void pool_init(struct pool *pool, uint16_t headroom);

// A netbuf whose data is empty and begins behind the headroom; its destructor gives it back. NULL: none is free.
struct uk_netbuf *pool_take(struct pool *pool);

// Room for data in each.
static inline size_t pool_room(const struct pool *pool) {
    return pool->headroom < POOL_BUFFER ? POOL_BUFFER - pool->headroom : 0;
}

#endif // PYMNET_UNIKRAFT_POOL_H
