// pool.h - netbufs that are ours: a fixed number, each with a buffer of its own, and a list of those that are free.

#ifndef PYMNET_UNIKRAFT_POOL_H
#define PYMNET_UNIKRAFT_POOL_H

#include <stdbool.h>
#include <stdint.h>
#include <uk/netbuf.h>

#define POOL_BUFFER 2048 // and so aligned: some drivers ask for it

struct pool {
    uint8_t (*buffers)[POOL_BUFFER];
    struct uk_netbuf *netbufs, **free;
    unsigned size, count; // netbufs, free ones
    uint16_t headroom;    // that the driver wants before a frame
};

// Takes memory for `size` netbufs, for good. false: there is not enough.
bool pool_init(struct pool *pool, unsigned size, uint16_t headroom);

// A netbuf whose data is empty and begins behind the headroom; its destructor gives it back. NULL: none is free.
struct uk_netbuf *pool_take(struct pool *pool);

// Room for data in each.
static inline size_t pool_room(const struct pool *pool) {
    return POOL_BUFFER - pool->headroom;
}

#endif // PYMNET_UNIKRAFT_POOL_H
