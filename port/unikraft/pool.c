// pool.c - see pool.h.

#include <stddef.h>
#include <uk/alloc.h>

#include "pool.h"

bool pool_init(struct pool *pool, unsigned size, uint16_t headroom) {
    struct uk_alloc *memory = uk_alloc_get_default();
    *pool = (struct pool) {
        .buffers = uk_memalign(memory, POOL_BUFFER, (size_t)size * POOL_BUFFER),
        .netbufs = uk_malloc(memory, size * sizeof(struct uk_netbuf)),
        .free = uk_malloc(memory, size * sizeof(struct uk_netbuf *)),
        .size = size,
        .headroom = headroom,
    };
    if (headroom >= POOL_BUFFER || pool->buffers == NULL || pool->netbufs == NULL || pool->free == NULL) {
        return false;
    }
    while (pool->count < size) {
        pool->free[pool->count] = &pool->netbufs[pool->count];
        pool->count++;
    }
    return true;
}

static void give_back(struct uk_netbuf *netbuf) {
    struct pool *pool = netbuf->priv;
    if (pool->count < pool->size) { // else a driver freed one twice
        pool->free[pool->count++] = netbuf;
    }
}

struct uk_netbuf *pool_take(struct pool *pool) {
    if (pool->count == 0) {
        return NULL;
    }
    struct uk_netbuf *netbuf = pool->free[--pool->count];
    uint8_t *buffer = pool->buffers[netbuf - pool->netbufs];
    uk_netbuf_init_indir(netbuf, buffer, POOL_BUFFER, pool->headroom, pool, give_back);
    return netbuf;
}
