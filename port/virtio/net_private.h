// net_private.h - shared by net.c and net_transmit.c.

#ifndef PYMNET_VIRTIO_NET_PRIVATE_H
#define PYMNET_VIRTIO_NET_PRIVATE_H

#include "net.h"

#define RECEIVE_BUFFER_SIZE 2048

// Before each frame (5.1.6).
struct net_header {
    uint8_t flags, gso_type;
    uint16_t header_length, gso_size, csum_start, csum_offset, num_buffers;
};

_Static_assert(sizeof(struct net_header) == 12, "5.1.6: with VIRTIO_F_VERSION_1");

#define HEADER_NEEDS_CSUM 1
#define HEADER_DATA_VALID 2
#define HEADER_GSO_NONE 0
#define HEADER_GSO_TCP4 1
#define HEADER_GSO_TCP6 4
#define HEADER_GSO_ECN 0x80

struct virtio_net {
    struct virtio_device device;
    struct virtqueue receive, transmit;
    struct net_info info;

    uint8_t (*receive_buffers)[RECEIVE_BUFFER_SIZE];
    bool merges; // VIRTIO_NET_F_MRG_RXBUF
    uint64_t rx_dropped, tx_dropped;

    uint32_t link; // platform_net_link()
    uint32_t generation;

    // Frames in flight are the `count` descriptors from `oldest` on, and their bytes lie from `tail` to `head`.
    uint8_t *transmit_ring;
    size_t transmit_size, head, tail;
    uint16_t oldest, count;
    uint32_t start[VIRTQ_SIZE_MAX]; // of each frame, by descriptor
    size_t refused;                 // the space that the last refused frame needs; 0: none
};

// Whether the frame refused last would be taken now.
bool virtio_net_takes_refused(struct virtio_net *net);

#endif // PYMNET_VIRTIO_NET_PRIVATE_H
