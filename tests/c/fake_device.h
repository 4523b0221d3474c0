// fake_device.h - a virtio device on a bus of its own. It follows the protocol, or violates it if configured to.

#ifndef PYMNET_TESTS_FAKE_DEVICE_H
#define PYMNET_TESTS_FAKE_DEVICE_H

#include "virtio/virtio.h"

#define FAKE_QUEUES 8

extern struct fake_device {
    uint64_t offers;    // features
    uint16_t queue_max; // the longest queue it has
    uint8_t config[32];
    uint32_t generation; // of the configuration
    const struct virtqueue *queues[FAKE_QUEUES];
    uint16_t taken[FAKE_QUEUES]; // of what the driver made available
    unsigned kicks;
} fake;

extern struct virtio_transport fake_transport;

// A new device; the features without VIRTIO_F_VERSION_1.
void fake_begin(uint64_t offers);

// The next descriptor that the driver made available on a queue; false: none.
bool fake_pop(unsigned queue, uint16_t *id, struct virtq_desc *desc);

// Gives back a descriptor, or what it calls one.
void fake_push(unsigned queue, uint32_t id, uint32_t length);

// Takes the next descriptor, writes `bytes` into it and gives it back. false: none, or too small.
bool fake_deliver(unsigned queue, const void *bytes, size_t length);

// Moves the used index without an element behind it.
void fake_skip(unsigned queue, uint16_t count);

#endif // PYMNET_TESTS_FAKE_DEVICE_H
