// net.h - virtio network device: one queue each way, checksum and segmentation offload. Spec: Virtio 1.2, section 5.1.
//
// Received frames lie in buffers of 2 KiB, several for a merged one (MRG_RXBUF); reading one copies it out and gives the
// buffers back at once. Frames to send are copied into one ring of bytes, where they lie whole whatever their size.

#ifndef PYMNET_VIRTIO_NET_H
#define PYMNET_VIRTIO_NET_H

#include "platform.h"
#include "virtio.h"

struct virtio_net;

// Memory that a device and its queues need, page-aligned. `frugal`: for machines with little.
size_t virtio_net_memory(bool frugal);

// Sets up the device behind `transport`; it receives from then on. NULL: it does not work.
struct virtio_net *virtio_net_init(
    struct virtio_transport *transport, void *memory, bool frugal, struct net_info *info);

struct virtio_device *virtio_net_device(struct virtio_net *net);

// As in platform.h.
size_t virtio_net_read(struct virtio_net *net, void *buffer, size_t size, struct net_rx *rx);
int virtio_net_write(struct virtio_net *net, const void *frame, size_t length, const struct net_tx *tx);
void virtio_net_flush(struct virtio_net *net);
size_t virtio_net_room(struct virtio_net *net);
void virtio_net_counters(const struct virtio_net *net, struct net_counters *counters);

// As platform_net_link(), as of the last virtio_net_look().
uint32_t virtio_net_link(const struct virtio_net *net);

// Reads the link status, which costs a trip to the host. Returns whether it has changed.
bool virtio_net_look(struct virtio_net *net);

// Whether a frame was received, or there is room again after a frame was refused (reported once).
bool virtio_net_has_work(struct virtio_net *net);

// Enables an interrupt for new work. The caller must check virtio_net_has_work() afterwards.
void virtio_net_arm(struct virtio_net *net);

// All frames have been taken by the device, or never will be.
bool virtio_net_drained(struct virtio_net *net);

// The device broke the rules of its queues and is not used any more.
bool virtio_net_broken(const struct virtio_net *net);

#endif // PYMNET_VIRTIO_NET_H
