// virtio.c - see virtio.h.

#include "virtio.h"

uint64_t virtio_reset(struct virtio_device *device, struct virtio_transport *transport) {
    *device = (struct virtio_device) {.transport = transport};
    device->offered = transport->ops->reset(transport);
    return device->offered;
}

bool virtio_accept(struct virtio_device *device, uint64_t features) {
    if (!(device->offered & VIRTIO_F_VERSION_1)) {
        return false;
    }
    device->features = (features & device->offered) | VIRTIO_F_VERSION_1;
    return device->transport->ops->accept(device->transport, device->features);
}

bool virtio_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t index, uint16_t size, void *memory) {
    struct virtio_transport *transport = device->transport;
    if (transport->ops->queue_size_max(transport, index) < size) {
        return false;
    }
    virtqueue_init(queue, index, size, memory, device->features & VIRTIO_F_EVENT_IDX);
    transport->ops->enable_queue(transport, queue);
    return true;
}

void virtio_ready(struct virtio_device *device) {
    device->transport->ops->ready(device->transport);
}

uint8_t virtio_config8(const struct virtio_device *device, unsigned offset) {
    return (uint8_t)device->transport->ops->config(device->transport, offset, 1);
}

uint16_t virtio_config16(const struct virtio_device *device, unsigned offset) {
    return (uint16_t)device->transport->ops->config(device->transport, offset, 2);
}

uint32_t virtio_config32(const struct virtio_device *device, unsigned offset) {
    return device->transport->ops->config(device->transport, offset, 4);
}

uint32_t virtio_generation(const struct virtio_device *device) {
    return device->transport->ops->generation(device->transport);
}

void virtio_kick(struct virtio_device *device, struct virtqueue *queue) {
    if (virtqueue_needs_kick(queue)) {
        device->kicks++;
        device->transport->ops->notify(device->transport, queue->index);
    }
}

void virtio_acknowledge(struct virtio_device *device) {
    device->transport->ops->acknowledge(device->transport);
    device->interrupted = true;
}
