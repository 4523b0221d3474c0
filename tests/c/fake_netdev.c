// fake_netdev.c - see fake_netdev.h.

#include <errno.h>
#include <string.h>

#include "check.h"
#include "fake_netdev.h"

struct fake_netdev fake_netdev;
static char device;

void fake_netdev_begin(void) {
    fake_netdev = (struct fake_netdev) {.count = 1, .mtu = 1500, .mac = {2, 0, 0, 0, 0, 9}, .nb_desc = 99};
}

void fake_netdev_deliver(const uint8_t *bytes, uint16_t length, uint16_t flags) {
    CHECK(fake_netdev.last < FAKE_QUEUED);
    memcpy(fake_netdev.queued[fake_netdev.last].bytes, bytes, length);
    fake_netdev.queued[fake_netdev.last].length = length;
    fake_netdev.queued[fake_netdev.last++].flags = flags;
}

struct uk_alloc *uk_alloc_get_default(void) {
    return NULL;
}

void *uk_malloc(struct uk_alloc *a, size_t size) {
    (void)a;
    return malloc(size);
}

void *uk_memalign(struct uk_alloc *a, size_t align, size_t size) {
    (void)a;
    return aligned_alloc(align, size);
}

void uk_netbuf_init_indir(
    struct uk_netbuf *m, void *buf, size_t buflen, uint16_t headroom, void *priv, void (*dtor)(struct uk_netbuf *)) {
    *m = (struct uk_netbuf) {
        .buf = buf,
        .buflen = buflen,
        .data = (uint8_t *)buf + headroom,
        .priv = priv,
        .dtor = dtor,
    };
}

void uk_netbuf_free(struct uk_netbuf *m) {
    m->dtor(m);
}

unsigned uk_netdev_count(void) {
    return fake_netdev.count;
}

struct uk_netdev *uk_netdev_get(unsigned id) {
    CHECK(id < fake_netdev.count);
    return (struct uk_netdev *)&device;
}

int uk_netdev_probe(struct uk_netdev *dev) {
    (void)dev;
    return 0;
}

void uk_netdev_info_get(struct uk_netdev *dev, struct uk_netdev_info *info) {
    (void)dev;
    *info = (struct uk_netdev_info) {FAKE_HEADROOM, FAKE_HEADROOM};
}

const char *uk_netdev_einfo_get(struct uk_netdev *dev, enum uk_netdev_einfo_type einfo) {
    (void)dev;
    return einfo == UK_NETDEV_IPV4_CIDR ? fake_netdev.cidr : fake_netdev.gateway;
}

int uk_netdev_configure(struct uk_netdev *dev, const struct uk_netdev_conf *conf) {
    (void)dev;
    CHECK(conf->nb_rx_queues == 1 && conf->nb_tx_queues == 1);
    return fake_netdev.configure_error;
}

int uk_netdev_rxq_info_get(struct uk_netdev *dev, uint16_t queue, struct uk_netdev_queue_info *info) {
    (void)dev;
    (void)queue;
    info->nb_max = 2 * FAKE_RING;
    return 0;
}

int uk_netdev_txq_info_get(struct uk_netdev *dev, uint16_t queue, struct uk_netdev_queue_info *info) {
    return uk_netdev_rxq_info_get(dev, queue, info);
}

static void fill_ring(void) {
    struct uk_netbuf *batch[FAKE_RING];
    uint16_t wanted = (uint16_t)(FAKE_RING - fake_netdev.ring_count);
    uint16_t got = fake_netdev.receive.alloc_rxpkts(fake_netdev.receive.alloc_rxpkts_argp, batch, wanted);
    for (unsigned i = 0; i < got; i++) {
        CHECK(batch[i]->len == batch[i]->buflen - FAKE_HEADROOM);
        fake_netdev.ring[fake_netdev.ring_count++] = batch[i];
    }
}

int uk_netdev_rxq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_rxqueue_conf *conf) {
    (void)dev;
    (void)queue;
    fake_netdev.nb_desc = nb_desc;
    fake_netdev.receive = *conf;
    fill_ring();
    return 0;
}

int uk_netdev_txq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_txqueue_conf *conf) {
    (void)dev;
    (void)queue;
    (void)conf;
    CHECK(nb_desc == 0);
    return 0;
}

int uk_netdev_start(struct uk_netdev *dev) {
    (void)dev;
    return 0;
}

const struct uk_hwaddr *uk_netdev_hwaddr_get(struct uk_netdev *dev) {
    (void)dev;
    return (const struct uk_hwaddr *)fake_netdev.mac;
}

uint16_t uk_netdev_mtu_get(struct uk_netdev *dev) {
    (void)dev;
    return fake_netdev.mtu;
}

int uk_netdev_rxq_intr_enable(struct uk_netdev *dev, uint16_t queue) {
    (void)dev;
    (void)queue;
    fake_netdev.interrupt_on = fake_netdev.first == fake_netdev.last;
    return !fake_netdev.interrupt_on;
}

int uk_netdev_rxq_intr_disable(struct uk_netdev *dev, uint16_t queue) {
    (void)dev;
    (void)queue;
    fake_netdev.interrupt_on = false;
    return 0;
}

int uk_netdev_rx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf **pkt) {
    (void)dev;
    (void)queue;
    CHECK(!fake_netdev.interrupt_on);
    if (fake_netdev.first == fake_netdev.last || fake_netdev.ring_count == 0) {
        return 0; // with an empty ring nothing comes any more
    }
    unsigned at = fake_netdev.first++;
    struct uk_netbuf *netbuf = fake_netdev.ring[--fake_netdev.ring_count];
    if (fake_netdev.queued[at].flags & FAKE_BAD) {
        return -EINVAL;
    }
    memcpy(netbuf->data, fake_netdev.queued[at].bytes, fake_netdev.queued[at].length);
    netbuf->len = (uint16_t)(fake_netdev.queued[at].length + fake_netdev.excess);
    netbuf->flags = (uint8_t)fake_netdev.queued[at].flags;
    netbuf->csum_start = fake_netdev.queued[at].csum_start;
    netbuf->csum_offset = fake_netdev.queued[at].csum_offset;
    fill_ring();
    *pkt = netbuf;
    return UK_NETDEV_STATUS_SUCCESS;
}

int uk_netdev_tx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf *pkt) {
    (void)dev;
    (void)queue;
    for (; fake_netdev.sent_done > 0; fake_netdev.sent_done--) {
        uk_netbuf_free(fake_netdev.sent[0]);
        memmove(fake_netdev.sent, fake_netdev.sent + 1, --fake_netdev.sent_count * sizeof(fake_netdev.sent[0]));
    }
    if (fake_netdev.send_error != 0) {
        return fake_netdev.send_error;
    }
    if (fake_netdev.sent_count == FAKE_RING) {
        return 0;
    }
    fake_netdev.sent[fake_netdev.sent_count++] = pkt;
    return UK_NETDEV_STATUS_SUCCESS;
}
