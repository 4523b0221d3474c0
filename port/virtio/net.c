// net.c - setting a network device up, and receiving. See net.h; sending is in net_transmit.c.

#include <string.h>

#include "net_private.h"

#define QUEUE_RECEIVE 0
#define QUEUE_TRANSMIT 1

// Configuration space (5.1.4).
#define CONFIG_MAC 0
#define CONFIG_STATUS 6
#define CONFIG_MTU 10

#define F_CSUM (UINT64_C(1) << 0)
#define F_GUEST_CSUM (UINT64_C(1) << 1)
#define F_MTU (UINT64_C(1) << 3)
#define F_MAC (UINT64_C(1) << 5)
#define F_GUEST_TSO4 (UINT64_C(1) << 7)
#define F_GUEST_TSO6 (UINT64_C(1) << 8)
#define F_HOST_TSO4 (UINT64_C(1) << 11)
#define F_HOST_TSO6 (UINT64_C(1) << 12)
#define F_MRG_RXBUF (UINT64_C(1) << 15)
#define F_STATUS (UINT64_C(1) << 16)

#define STATUS_LINK_UP 1

#define MTU_DEFAULT 1500
#define MTU_MIN 576
#define MTU_ONE_BUFFER (RECEIVE_BUFFER_SIZE - sizeof(struct net_header) - 14) // of frames that are not split

#define PAGE ((size_t)4096)

static size_t round_to_pages(size_t size) {
    return (size + PAGE - 1) & ~(PAGE - 1);
}

static uint16_t queue_size(bool frugal) {
    return frugal ? 64 : 256;
}

// Room for one frame of NET_FRAME_MAX, or for seven: with three, the device waited for the driver so often that a fifth of
// the throughput was lost under KVM and a third under TCG.
static size_t transmit_size(bool frugal) {
    return (size_t)(frugal ? 96 : 512) << 10;
}

size_t virtio_net_memory(bool frugal) {
    uint16_t size = queue_size(frugal);
    return round_to_pages(sizeof(struct virtio_net)) + 2 * round_to_pages(virtqueue_bytes(size))
        + (size_t)size * RECEIVE_BUFFER_SIZE + transmit_size(frugal);
}

// The useful ones of the offered features (dependencies: 5.1.3.1).
static uint64_t choose(uint64_t offered) {
    uint64_t chosen = offered & (F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_MRG_RXBUF | F_STATUS | VIRTIO_F_EVENT_IDX);
    if (chosen & F_CSUM) {
        chosen |= offered & (F_HOST_TSO4 | F_HOST_TSO6);
    }
    // Merged segments do not fit into one buffer.
    if (chosen & F_GUEST_CSUM && chosen & F_MRG_RXBUF) {
        chosen |= offered & (F_GUEST_TSO4 | F_GUEST_TSO6);
    }
    return chosen;
}

static void describe(struct virtio_net *net, struct net_info *info) {
    uint64_t features = net->device.features;
    for (unsigned i = 0; i < sizeof(info->mac) && features & F_MAC; i++) {
        info->mac[i] = virtio_config8(&net->device, CONFIG_MAC + i);
    }
    uint16_t mtu = features & F_MTU ? virtio_config16(&net->device, CONFIG_MTU) : MTU_DEFAULT;
    info->mtu = mtu < MTU_MIN ? MTU_DEFAULT : !net->merges && mtu > MTU_ONE_BUFFER ? (uint16_t)MTU_ONE_BUFFER : mtu;
    info->features = (features & F_CSUM ? NET_TX_CSUM : 0) | (features & F_GUEST_CSUM ? NET_RX_CSUM : 0)
        | (features & F_HOST_TSO4 ? NET_TSO4 : 0) | (features & F_HOST_TSO6 ? NET_TSO6 : 0)
        | (features & (F_GUEST_TSO4 | F_GUEST_TSO6) ? NET_LRO : 0);
    net->info = *info;
}

// 5.1.4: without the feature it is always up.
static bool is_up(const struct virtio_net *net) {
    return !(net->device.features & F_STATUS) || virtio_config16(&net->device, CONFIG_STATUS) & STATUS_LINK_UP;
}

static void offer_receive_buffers(struct virtio_net *net) {
    struct virtqueue *receive = &net->receive;
    for (uint16_t i = 0; i < receive->size; i++) {
        virtqueue_set(receive, i, net->receive_buffers[i], RECEIVE_BUFFER_SIZE, VIRTQ_DESC_WRITE);
        virtqueue_offer(receive, i);
    }
    virtio_kick(&net->device, receive);
}

struct virtio_net *virtio_net_init(
    struct virtio_transport *transport, void *memory, bool frugal, struct net_info *info) {
    struct virtio_net *net = memory;
    memset(net, 0, sizeof(*net));
    struct virtio_device *device = &net->device;
    uint16_t size = queue_size(frugal);
    char *rings = (char *)memory + round_to_pages(sizeof(*net));
    size_t rings_size = round_to_pages(virtqueue_bytes(size));
    // Without a MAC of its own the device has no name on the wire: QEMU's always has one.
    if (!virtio_accept(device, choose(virtio_reset(device, transport))) || !(device->features & F_MAC)
        || !virtio_queue(device, &net->receive, QUEUE_RECEIVE, size, rings)
        || !virtio_queue(device, &net->transmit, QUEUE_TRANSMIT, size, rings + rings_size)) {
        return NULL;
    }
    net->receive_buffers = (uint8_t (*)[RECEIVE_BUFFER_SIZE])(rings + 2 * rings_size);
    net->transmit_ring = (uint8_t *)net->receive_buffers[size];
    net->transmit_size = transmit_size(frugal);
    net->merges = device->features & F_MRG_RXBUF;
    describe(net, info);
    virtio_ready(device);
    net->generation = virtio_generation(device);
    net->link = is_up(net);
    offer_receive_buffers(net);
    return net;
}

struct virtio_device *virtio_net_device(struct virtio_net *net) {
    return &net->device;
}

// Receiving --------------------------------------------------------------------------------------------------------

// The destination of a frame being gathered. A part that does not fit is omitted, but counted in `length`.
struct gather {
    uint8_t *buffer;
    size_t size, length;
};

static void gather(struct gather *frame, const uint8_t *piece, size_t length) {
    if (frame->length + length <= frame->size) {
        memcpy(frame->buffer + frame->length, piece, length);
    }
    frame->length += length;
}

// Takes a frame's first buffer. Its header is copied, because the device could change it concurrently.
static bool take_first(struct virtio_net *net, struct net_header *header, struct gather *frame) {
    uint16_t id;
    uint32_t length;
    if (!virtqueue_take(&net->receive, &id, &length)) {
        return false;
    }
    if (length < sizeof(*header) || length > RECEIVE_BUFFER_SIZE) {
        net->receive.broken = true;
        return false;
    }
    const uint8_t *bytes = net->receive_buffers[id];
    memcpy(header, bytes, sizeof(*header));
    gather(frame, bytes + sizeof(*header), length - sizeof(*header));
    virtqueue_offer(&net->receive, id);
    return true;
}

// Takes the others. The device makes them all visible at once (5.1.6.3.2), so that one missing is an error.
static bool take_rest(struct virtio_net *net, unsigned count, struct gather *frame) {
    uint16_t id;
    uint32_t length;
    while (count-- > 0) {
        if (!virtqueue_take(&net->receive, &id, &length) || length > RECEIVE_BUFFER_SIZE) {
            net->receive.broken = true;
            return false;
        }
        gather(frame, net->receive_buffers[id], length);
        virtqueue_offer(&net->receive, id);
    }
    return true;
}

static void describe_frame(const struct net_header *header, struct net_rx *rx) {
    rx->csum = header->flags & HEADER_NEEDS_CSUM ? NET_CSUM_PARTIAL
        : header->flags & HEADER_DATA_VALID      ? NET_CSUM_GOOD
                                                 : NET_CSUM_UNKNOWN;
    rx->gso_size = (header->gso_type & ~HEADER_GSO_ECN) != HEADER_GSO_NONE ? header->gso_size : 0;
}

size_t virtio_net_read(struct virtio_net *net, void *buffer, size_t size, struct net_rx *rx) {
    struct net_header header;
    struct gather frame = {.buffer = buffer, .size = size};
    while (take_first(net, &header, &frame)) {
        unsigned pieces = net->merges ? header.num_buffers : 1;
        if (pieces == 0 || !take_rest(net, pieces - 1, &frame)) {
            net->receive.broken = true;
            return 0;
        }
        if (frame.length > 0 && frame.length <= size) {
            describe_frame(&header, rx);
            return frame.length;
        }
        net->rx_dropped++;
        frame.length = 0;
    }
    virtio_kick(&net->device, &net->receive); // the end of a batch: the buffers given back since the last
    return 0;
}

// The link -----------------------------------------------------------------------------------------------------------

uint32_t virtio_net_link(const struct virtio_net *net) {
    return net->link;
}

// The generation is read first: a later change has another one, which the next check finds.
bool virtio_net_look(struct virtio_net *net) {
    uint32_t generation = net->device.features & F_STATUS ? virtio_generation(&net->device) : net->generation;
    if (generation == net->generation) {
        return false;
    }
    net->generation = generation;
    bool up = is_up(net), was_up = net->link & 1;
    if (!up && !was_up) {
        return false;
    }
    net->link += up == was_up ? 2 : 1; // up both times: it was down in between
    return true;
}

// Waiting ----------------------------------------------------------------------------------------------------------

bool virtio_net_has_work(struct virtio_net *net) {
    if (net->refused > 0 && virtio_net_takes_refused(net)) {
        net->refused = 0;
        return true;
    }
    return virtqueue_pending(&net->receive) > 0;
}

void virtio_net_arm(struct virtio_net *net) {
    virtio_kick(&net->device, &net->receive);
    virtqueue_interrupt_on(&net->receive, 0);
    if (net->refused > 0) {
        // Interrupt when half of the frames have returned, not for every frame.
        uint16_t out = net->transmit.avail_index - net->transmit.used_index;
        virtqueue_interrupt_on(&net->transmit, out / 2);
    }
}

bool virtio_net_drained(struct virtio_net *net) {
    return virtqueue_idle(&net->transmit);
}

bool virtio_net_broken(const struct virtio_net *net) {
    return net->receive.broken || net->transmit.broken;
}

void virtio_net_counters(const struct virtio_net *net, struct net_counters *counters) {
    counters->rx_dropped = net->rx_dropped;
    counters->tx_dropped = net->tx_dropped;
    counters->tx_errors = 0; // a device reports none
    counters->kicks = net->device.kicks;
}
