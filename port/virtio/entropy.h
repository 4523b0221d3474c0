// entropy.h - virtio entropy device. Spec: Virtio 1.2, section 5.4.

#ifndef PYMNET_VIRTIO_ENTROPY_H
#define PYMNET_VIRTIO_ENTROPY_H

#include <stddef.h>

#include "virtio.h"

#define VIRTIO_ENTROPY_SIZE 64 // bytes a request

struct virtio_entropy {
    struct virtio_device device;
    struct virtqueue requests;
    uint8_t *buffer;
};

size_t virtio_entropy_memory(void);
bool virtio_entropy_init(struct virtio_entropy *entropy, struct virtio_transport *transport, void *memory);

// Requests VIRTIO_ENTROPY_SIZE bytes, unless a request is pending.
void virtio_entropy_request(struct virtio_entropy *entropy);

// Copies at most `size` bytes of the response. Returns how many; 0: not complete.
size_t virtio_entropy_answer(struct virtio_entropy *entropy, void *buffer, size_t size);

#endif // PYMNET_VIRTIO_ENTROPY_H
