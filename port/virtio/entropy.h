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

// Asks for VIRTIO_ENTROPY_SIZE bytes, if nothing is asked for yet.
void virtio_entropy_request(struct virtio_entropy *entropy);

// The answer, at most `size` bytes of it: how many; 0: not there yet.
size_t virtio_entropy_answer(struct virtio_entropy *entropy, void *buffer, size_t size);

#endif // PYMNET_VIRTIO_ENTROPY_H
