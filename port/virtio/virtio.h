// virtio.h - a virtio device, whatever bus it is on (transport.h). Spec: Virtio 1.2, chapters 2 and 3; device numbers: chapter 5.

#ifndef PYMNET_VIRTIO_VIRTIO_H
#define PYMNET_VIRTIO_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#include "transport.h"
#include "virtqueue.h"

#define VIRTIO_NET 1
#define VIRTIO_BLOCK 2
#define VIRTIO_CONSOLE 3
#define VIRTIO_ENTROPY 4

// Features of every device (chapter 6).
#define VIRTIO_F_EVENT_IDX (UINT64_C(1) << 29)
#define VIRTIO_F_VERSION_1 (UINT64_C(1) << 32)

struct virtio_device {
    struct virtio_transport *transport;
    uint64_t offered, features; // `features` are those agreed on
    uint64_t kicks;             // trips to the host
    bool interrupted;           // set by the interrupt, cleared by the driver
};

// Resets the device behind a transport and returns the features it offers.
uint64_t virtio_reset(struct virtio_device *device, struct virtio_transport *transport);

// Negotiates a subset of them and VIRTIO_F_VERSION_1. false: the device does not offer that, or refuses.
bool virtio_accept(struct virtio_device *device, uint64_t features);

// Sets queue `index` up in `memory` (virtqueue_bytes(size) on a page of its own). false: the device has no such queue, or a
// smaller one.
bool virtio_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t index, uint16_t size, void *memory);

// The device may start. Queues must be set up; buffers may be offered afterwards.
void virtio_ready(struct virtio_device *device);

uint8_t virtio_config8(const struct virtio_device *device, unsigned offset);
uint16_t virtio_config16(const struct virtio_device *device, unsigned offset);
uint32_t virtio_config32(const struct virtio_device *device, unsigned offset);

// Returns a number that differs after each change of the configuration (2.5).
uint32_t virtio_generation(const struct virtio_device *device);

// Notifies the device of new buffers on a queue, unless it has suppressed that.
void virtio_kick(struct virtio_device *device, struct virtqueue *queue);

// Ends the device's interrupt, so that the next one is seen.
void virtio_acknowledge(struct virtio_device *device);

#endif // PYMNET_VIRTIO_VIRTIO_H
