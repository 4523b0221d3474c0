// entropy.c - see entropy.h.

#include <string.h>

#include "entropy.h"

#define QUEUE_REQUESTS 0
#define QUEUE_SIZE 2
#define PAGE ((size_t)4096)

size_t virtio_entropy_memory(void) {
    return 2 * PAGE;
}

bool virtio_entropy_init(struct virtio_entropy *entropy, struct virtio_transport *transport, void *memory) {
    struct virtio_device *device = &entropy->device;
    virtio_reset(device, transport);
    if (!virtio_accept(device, VIRTIO_F_EVENT_IDX)
        || !virtio_queue(device, &entropy->requests, QUEUE_REQUESTS, QUEUE_SIZE, memory)) {
        return false;
    }
    entropy->buffer = (uint8_t *)memory + PAGE;
    virtio_ready(device);
    return true;
}

void virtio_entropy_request(struct virtio_entropy *entropy) {
    if (!entropy->requests.in_device[0]) {
        virtqueue_set(&entropy->requests, 0, entropy->buffer, VIRTIO_ENTROPY_SIZE, VIRTQ_DESC_WRITE);
        virtqueue_offer(&entropy->requests, 0);
        virtio_kick(&entropy->device, &entropy->requests);
    }
}

size_t virtio_entropy_answer(struct virtio_entropy *entropy, void *buffer, size_t size) {
    uint16_t id;
    uint32_t length;
    if (!virtqueue_take(&entropy->requests, &id, &length) || length > VIRTIO_ENTROPY_SIZE) {
        return 0;
    }
    size_t part = length < size ? length : size;
    memcpy(buffer, entropy->buffer, part);
    memset(entropy->buffer, 0, VIRTIO_ENTROPY_SIZE); // used once only
    return part;
}
