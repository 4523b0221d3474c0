// What port/platform/unikraft uses of Unikraft's netbufs, in words of our own; and who has one, for the tests.
#ifndef PYMNET_TESTS_UK_NETBUF_H
#define PYMNET_TESTS_UK_NETBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UK_NETBUF_F_DATA_VALID 1
#define UK_NETBUF_F_PARTIAL_CSUM 2

struct uk_netbuf {
    struct uk_netbuf *next;
    uint8_t flags;
    void *data;
    uint16_t len;
    void *priv;
    void *buf;
    size_t buflen;
    uint16_t csum_start, csum_offset;
    void (*dtor)(struct uk_netbuf *);
    bool in_use, in_driver;
};

void uk_netbuf_init_indir(
    struct uk_netbuf *m, void *buf, size_t buflen, uint16_t headroom, void *priv, void (*dtor)(struct uk_netbuf *));
void uk_netbuf_free(struct uk_netbuf *m);

#endif // PYMNET_TESTS_UK_NETBUF_H
