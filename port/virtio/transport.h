// transport.h - what a bus does for the drivers of virtio devices. A bus is a file with these operations (mmio.c), and a
// discovery in a platform that finds its devices. Spec: Virtio 1.2, chapter 4; initialization: 3.1.1.

#ifndef PYMNET_VIRTIO_TRANSPORT_H
#define PYMNET_VIRTIO_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

struct virtqueue;
struct virtio_transport;

struct virtio_transport_ops {
    // Reset the device, acknowledge it and return the features it offers (3.1.1, steps 1 to 4).
    uint64_t (*reset)(struct virtio_transport *transport);
    // Agree on features (steps 5 and 6). false: the device refuses them.
    bool (*accept)(struct virtio_transport *transport, uint64_t features);
    // The largest size of a queue; 0: the device has no such queue, or it is in use.
    uint16_t (*queue_size_max)(struct virtio_transport *transport, uint16_t index);
    // Tell the device where the queue lies, and enable it.
    void (*enable_queue)(struct virtio_transport *transport, const struct virtqueue *queue);
    // The device may start (step 8).
    void (*ready)(struct virtio_transport *transport);
    // Read 1, 2 or 4 bytes of the device's configuration, by one access of that width (2.5).
    uint32_t (*config)(const struct virtio_transport *transport, unsigned offset, unsigned width);
    // The configuration's generation (2.5).
    uint32_t (*generation)(const struct virtio_transport *transport);
    // Buffers are available on a queue. A trip to the host.
    void (*notify)(struct virtio_transport *transport, uint16_t index);
    // End the device's interrupt, so that the next one is seen.
    void (*acknowledge)(struct virtio_transport *transport);
};

// The part of a bus's own structure that drivers see.
struct virtio_transport {
    const struct virtio_transport_ops *ops;
    uint32_t device_id; // virtio.h: VIRTIO_NET ...
    unsigned interrupt; // the number under which the platform serves it
};

#endif // PYMNET_VIRTIO_TRANSPORT_H
