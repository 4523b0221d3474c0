// net_transmit.c - sending through a virtio network device. See net.h. Spec: Virtio 1.2, 5.1.6.2.

#include <string.h>

#include "net_private.h"
#include "py/mperrno.h"

#define ETHERNET_HEADER 14
#define ETHERNET_TYPE 12
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd

#define TCP_HEADER_MIN 20
#define TCP_DATA_OFFSET 12 // in its upper four bits the header's length, in 32-bit words (RFC 9293, 3.1)

#define ALIGNMENT ((size_t)16)

static size_t space_of(size_t length) {
    return (sizeof(struct net_header) + length + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

// The ring of bytes -------------------------------------------------------------------------------------------------

// Reclaims the buffers of sent frames. The device may finish frames in any order; space is freed from the
// oldest on.
static void reap(struct virtio_net *net) {
    uint16_t id;
    uint32_t written;
    while (virtqueue_take(&net->transmit, &id, &written)) {
    }
    while (net->count > 0 && !net->transmit.in_device[net->oldest]) {
        net->oldest = (net->oldest + 1) & (net->transmit.size - 1);
        net->count--;
        net->tail = net->start[net->oldest];
    }
    if (net->count == 0) {
        net->head = net->tail = 0;
    }
}

// The two free parts: from `head` on, and at the ring's start.
static void free_stretches(const struct virtio_net *net, size_t *after, size_t *before) {
    if (net->count > 0 && net->head <= net->tail) {
        *after = net->tail - net->head;
        *before = 0;
    } else {
        *after = net->transmit_size - net->head;
        *before = net->tail;
    }
}

// Finds the position of a frame, or returns false. A frame is never split at the ring's end: it has one
// descriptor.
static bool place(const struct virtio_net *net, size_t space, size_t *at) {
    size_t after, before;
    free_stretches(net, &after, &before);
    if (net->count == net->transmit.size || net->transmit.broken || (space > after && space > before)) {
        return false;
    }
    *at = space <= after ? net->head : 0;
    return true;
}

size_t virtio_net_room(struct virtio_net *net) {
    reap(net);
    if (net->transmit.broken) {
        return 0;
    }
    size_t after, before, space = space_of(ETHERNET_HEADER + (size_t)net->info.mtu);
    free_stretches(net, &after, &before);
    size_t fit = after / space + before / space, descriptors = (size_t)(net->transmit.size - net->count);
    return fit < descriptors ? fit : descriptors;
}

bool virtio_net_takes_refused(struct virtio_net *net) {
    size_t at;
    reap(net);
    return place(net, net->refused, &at);
}

// The header --------------------------------------------------------------------------------------------------------

// For a frame that the device cuts: the protocol, and the length of the headers of each segment.
static bool describe_segments(const struct virtio_net *net, const uint8_t *frame, size_t length,
    const struct net_tx *tx, struct net_header *header) {
    if (tx->csum_start == 0 || (size_t)tx->csum_start + TCP_HEADER_MIN > length) {
        return false;
    }
    unsigned type = (unsigned)frame[ETHERNET_TYPE] << 8 | frame[ETHERNET_TYPE + 1];
    if (type == ETHERTYPE_IPV4 && net->info.features & NET_TSO4) {
        header->gso_type = HEADER_GSO_TCP4;
    } else if (type == ETHERTYPE_IPV6 && net->info.features & NET_TSO6) {
        header->gso_type = HEADER_GSO_TCP6;
    } else {
        return false;
    }
    size_t tcp_header = (size_t)(frame[tx->csum_start + TCP_DATA_OFFSET] >> 4) * 4;
    if (tcp_header < TCP_HEADER_MIN || tx->csum_start + tcp_header >= length) {
        return false;
    }
    header->header_length = (uint16_t)(tx->csum_start + tcp_header);
    header->gso_size = tx->gso_size;
    return true;
}

static bool make_header(const struct virtio_net *net, const uint8_t *frame, size_t length, const struct net_tx *tx,
    struct net_header *header) {
    *header = (struct net_header) {.gso_type = HEADER_GSO_NONE};
    size_t longest = tx->gso_size != 0 ? NET_FRAME_MAX : ETHERNET_HEADER + (size_t)net->info.mtu;
    if (length < ETHERNET_HEADER || length > longest) {
        return false;
    }
    if (tx->csum_start != 0) {
        if (!(net->info.features & NET_TX_CSUM) || (size_t)tx->csum_start + tx->csum_offset + 2 > length) {
            return false;
        }
        header->flags = HEADER_NEEDS_CSUM;
        header->csum_start = tx->csum_start;
        header->csum_offset = tx->csum_offset;
    }
    return tx->gso_size == 0 || describe_segments(net, frame, length, tx, header);
}

// Sending -----------------------------------------------------------------------------------------------------------

int virtio_net_write(struct virtio_net *net, const void *frame, size_t length, const struct net_tx *tx) {
    struct net_header header;
    if (!make_header(net, frame, length, tx, &header)) {
        return -MP_EINVAL;
    }
    if (!(net->link & 1)) {
        net->tx_dropped++;
        return 1;
    }
    size_t at, space = space_of(length);
    if (!place(net, space, &at)) {
        reap(net);
        if (!place(net, space, &at)) {
            net->refused = space;
            return 0;
        }
    }
    uint16_t id = (net->oldest + net->count) & (net->transmit.size - 1);
    uint8_t *to = net->transmit_ring + at;
    memcpy(to, &header, sizeof(header));
    memcpy(to + sizeof(header), frame, length);
    net->start[id] = (uint32_t)at;
    net->head = at + space;
    net->count++;
    virtqueue_set(&net->transmit, id, to, (uint32_t)(sizeof(header) + length), 0);
    virtqueue_offer(&net->transmit, id);
    return 1;
}

void virtio_net_flush(struct virtio_net *net) {
    virtio_kick(&net->device, &net->transmit);
}
