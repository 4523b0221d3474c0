// pool.c - see pool.h.

#include "pool.h"

void pool_init(struct pool *pool, uint16_t headroom) {
    pool->headroom = headroom;
    for (pool->count = 0; pool->count < POOL_SIZE; pool->count++) {
        pool->free[pool->count] = &pool->netbufs[pool->count];
    }
}

static void give_back(struct uk_netbuf *netbuf) {
    struct pool *pool = netbuf->priv;
    if (pool->count < POOL_SIZE) { // otherwise a driver freed one twice
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
