// fake_netdev.c - see fake_netdev.h.

#include <errno.h>
#include <string.h>

#include "check.h"
#include "fake_netdev.h"

#define LONGEST 1514 // frame that the driver takes or sends
#define BATCH 64     // netbufs that it asks for at once

struct fake_netdev fake_netdevs[FAKE_DEVICES];
unsigned fake_netdev_count;

void fake_netdev_begin(unsigned count) {
    fake_netdev_count = count;
    for (unsigned i = 0; i < FAKE_DEVICES; i++) {
        memset(&fake_netdevs[i], 0, sizeof(fake_netdevs[i]));
        fake_netdevs[i].mtu = 1500;
        fake_netdevs[i].headroom = FAKE_HEADROOM;
        fake_netdevs[i].send_descriptors = FAKE_DESCRIPTORS;
        memcpy(fake_netdevs[i].mac, (uint8_t[]) {2, 0, 0, 0, 0, (uint8_t)(9 + i)}, 6);
    }
}

unsigned fake_netdev_ring(const struct fake_netdev *device) {
    return device->merges ? FAKE_DESCRIPTORS : FAKE_DESCRIPTORS / 2;
}

struct fake_frame *fake_netdev_deliver(
    struct fake_netdev *device, const uint8_t *bytes, uint16_t length, uint16_t flags) {
    CHECK(device->last < FAKE_QUEUED && length <= FAKE_FRAME_MAX);
    struct fake_frame *frame = &device->queued[device->last++];
    *frame = (struct fake_frame) {.length = length, .flags = flags};
    memcpy(frame->bytes, bytes, length);
    return frame;
}

bool fake_netdev_waits(const struct fake_netdev *device) {
    return device->first != device->last && device->ring_count > 0;
}

void fake_netdev_forget(struct fake_netdev *device) {
    device->first = device->last = 0;
}

// Netbufs -------------------------------------------------------------------------------------------------------------

void uk_netbuf_init_indir(
    struct uk_netbuf *m, void *buf, size_t buflen, uint16_t headroom, void *priv, void (*dtor)(struct uk_netbuf *)) {
    CHECK(!m->in_use && headroom <= buflen);
    *m = (struct uk_netbuf) {
        .buf = buf,
        .buflen = buflen,
        .data = (uint8_t *)buf + headroom,
        .priv = priv,
        .dtor = dtor,
        .in_use = true,
    };
}

void uk_netbuf_free(struct uk_netbuf *m) {
    while (m != NULL) {
        struct uk_netbuf *next = m->next;
        CHECK(m->in_use && !m->in_driver);
        m->in_use = false;
        m->dtor(m);
        m = next;
    }
}

static void take(struct uk_netbuf *netbuf) {
    CHECK(netbuf->in_use && !netbuf->in_driver && netbuf->next == NULL);
    CHECK((uintptr_t)netbuf->buf % 2048 == 0 && netbuf->buflen == 2048);
    netbuf->in_driver = true;
}

static struct uk_netbuf *give(struct uk_netbuf *netbuf) {
    CHECK(netbuf->in_driver);
    netbuf->in_driver = false;
    return netbuf;
}

// Setting up ----------------------------------------------------------------------------------------------------------

static struct fake_netdev *fake_of(struct uk_netdev *dev) {
    return (struct fake_netdev *)(void *)dev;
}

static int advance(struct uk_netdev *dev, int from, int error) {
    CHECK((int)fake_of(dev)->state == from);
    if (error == 0) {
        fake_of(dev)->state = from + 1;
    }
    return error;
}

unsigned uk_netdev_count(void) {
    return fake_netdev_count;
}

struct uk_netdev *uk_netdev_get(unsigned id) {
    CHECK(id < fake_netdev_count);
    return (struct uk_netdev *)(void *)&fake_netdevs[id];
}

int uk_netdev_probe(struct uk_netdev *dev) {
    return advance(dev, FAKE_FOUND, fake_of(dev)->probe_error);
}

void uk_netdev_info_get(struct uk_netdev *dev, struct uk_netdev_info *info) {
    CHECK(fake_of(dev)->state >= FAKE_PROBED);
    *info = (struct uk_netdev_info) {fake_of(dev)->headroom, fake_of(dev)->headroom};
}

const char *uk_netdev_einfo_get(struct uk_netdev *dev, enum uk_netdev_einfo_type einfo) {
    return einfo == UK_NETDEV_IPV4_CIDR ? fake_of(dev)->cidr : fake_of(dev)->gateway;
}

int uk_netdev_configure(struct uk_netdev *dev, const struct uk_netdev_conf *conf) {
    CHECK(conf->nb_rx_queues == 1 && conf->nb_tx_queues == 1 && conf->lro == 0);
    return advance(dev, FAKE_PROBED, fake_of(dev)->configure_error);
}

int uk_netdev_txq_info_get(struct uk_netdev *dev, uint16_t queue, struct uk_netdev_queue_info *info) {
    CHECK(fake_of(dev)->state == FAKE_CONFIGURED && queue == 0);
    info->nb_max = fake_of(dev)->send_descriptors;
    return 0;
}

// Asks for as many again as it asked for first, however few are missing then; gives back what is too much.
static void fill_ring(struct fake_netdev *device) {
    unsigned missing = fake_netdev_ring(device) - device->ring_count, filled = 0;
    uint16_t wanted = (uint16_t)(missing < BATCH ? missing : BATCH);
    while (filled < missing) {
        struct uk_netbuf *batch[BATCH];
        uint16_t got = device->receive.alloc_rxpkts(device->receive.alloc_rxpkts_argp, batch, wanted);
        for (unsigned i = 0; i < got; i++) {
            if (filled == missing) {
                device->complaints += i > 0;
                uk_netbuf_free(batch[i]);
                continue;
            }
            take(batch[i]);
            CHECK((uint8_t *)batch[i]->data == (uint8_t *)batch[i]->buf + device->headroom);
            CHECK(batch[i]->len <= batch[i]->buflen - device->headroom);
            device->ring[device->ring_count++] = batch[i];
            filled++;
        }
        if (got < wanted) {
            return;
        }
    }
}

int uk_netdev_rxq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_rxqueue_conf *conf) {
    struct fake_netdev *device = fake_of(dev);
    CHECK(device->state == FAKE_CONFIGURED && queue == 0);
    CHECK(nb_desc == 0); // else a legacy device receives nothing
    if (device->receive_queue_error == 0) {
        device->receive = *conf;
        fill_ring(device);
    }
    return device->receive_queue_error;
}

int uk_netdev_txq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_txqueue_conf *conf) {
    (void)conf;
    CHECK(nb_desc == 0 && queue == 0);
    return advance(dev, FAKE_CONFIGURED, fake_of(dev)->send_queue_error);
}

int uk_netdev_start(struct uk_netdev *dev) {
    return advance(dev, FAKE_QUEUES, fake_of(dev)->start_error);
}

const struct uk_hwaddr *uk_netdev_hwaddr_get(struct uk_netdev *dev) {
    CHECK(fake_of(dev)->state >= FAKE_CONFIGURED); // before, it may not be known
    return (const struct uk_hwaddr *)fake_of(dev)->mac;
}

uint16_t uk_netdev_mtu_get(struct uk_netdev *dev) {
    CHECK(fake_of(dev)->state >= FAKE_CONFIGURED);
    return fake_of(dev)->mtu;
}

// Receiving -----------------------------------------------------------------------------------------------------------

int uk_netdev_rxq_intr_enable(struct uk_netdev *dev, uint16_t queue) {
    struct fake_netdev *device = fake_of(dev);
    CHECK(device->state == FAKE_STARTED && queue == 0);
    if (device->interrupt_error != 0) {
        return device->interrupt_error;
    }
    device->interrupt_on = !fake_netdev_waits(device);
    return !device->interrupt_on;
}

int uk_netdev_rxq_intr_disable(struct uk_netdev *dev, uint16_t queue) {
    CHECK(queue == 0);
    fake_of(dev)->interrupt_on = false;
    return 0;
}

static struct uk_netbuf *pop(struct fake_netdev *device) {
    struct uk_netbuf *netbuf = device->ring[0];
    memmove(device->ring, device->ring + 1, --device->ring_count * sizeof(netbuf));
    return netbuf;
}

// As the device writes it: into one netbuf, or into as many as it takes.
static struct uk_netbuf *write_frame(struct fake_netdev *device, const struct fake_frame *frame) {
    struct uk_netbuf *first = NULL, **link = &first;
    for (size_t done = 0; done < frame->length || first == NULL;) {
        CHECK(device->ring_count > 0);
        struct uk_netbuf *netbuf = give(pop(device));
        size_t part = frame->length - done < netbuf->len ? frame->length - done : netbuf->len;
        memcpy(netbuf->data, frame->bytes + done, part);
        netbuf->len = (uint16_t)part;
        done += part;
        *link = netbuf;
        link = &netbuf->next;
    }
    first->len = (uint16_t)(first->len + device->excess);
    first->data = (void *)((uintptr_t)first->data + (uintptr_t)(intptr_t)device->moved);
    first->flags = (uint8_t)frame->flags;
    first->csum_start = frame->csum_start;
    first->csum_offset = frame->csum_offset;
    return first;
}

int uk_netdev_rx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf **pkt) {
    struct fake_netdev *device = fake_of(dev);
    CHECK(device->state == FAKE_STARTED && queue == 0 && !device->interrupt_on);
    *pkt = NULL;
    while (fake_netdev_waits(device)) { // with an empty ring nothing comes any more
        const struct fake_frame *frame = &device->queued[device->first++];
        uint16_t room = device->ring[0]->len;
        if (!device->merges && frame->length > room) {
            continue; // dropped by the device
        }
        if (frame->flags & FAKE_BAD || (frame->length < room ? frame->length : room) > LONGEST) {
            pop(device); // and never seen again
            device->complaints++;
            return -EINVAL;
        }
        *pkt = write_frame(device, frame);
        fill_ring(device);
        return UK_NETDEV_STATUS_SUCCESS;
    }
    return 0;
}

// Sending -------------------------------------------------------------------------------------------------------------

int uk_netdev_tx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf *pkt) {
    struct fake_netdev *device = fake_of(dev);
    CHECK(device->state == FAKE_STARTED && queue == 0);
    CHECK(pkt->in_use && !pkt->in_driver && (uint8_t *)pkt->data - (uint8_t *)pkt->buf >= device->headroom);
    for (; device->sent_done > 0; device->sent_done--) {
        uk_netbuf_free(give(device->sent[0]));
        memmove(device->sent, device->sent + 1, --device->sent_count * sizeof(device->sent[0]));
    }
    if (pkt->len > LONGEST) {
        device->complaints++;
        return -ENOTSUP;
    }
    if (device->send_error != 0 || device->sent_count == device->send_descriptors / 2u) {
        return device->send_error;
    }
    take(pkt);
    device->sent[device->sent_count++] = pkt;
    return UK_NETDEV_STATUS_SUCCESS;
}
