// fake_device.c - see fake_device.h. Both sides run in one thread, so no order of memory accesses is tested here.

#include <string.h>

#include "fake_device.h"

struct fake_device fake;

void fake_begin(uint64_t offers) {
    fake = (struct fake_device) {.offers = offers | VIRTIO_F_VERSION_1, .queue_max = VIRTQ_SIZE_MAX};
}

// The driver's side of the bus (virtio.h) --------------------------------------------------------------------------

uint64_t virtio_reset(struct virtio_device *device, uintptr_t address) {
    (void)address;
    *device = (struct virtio_device) {.offered = fake.offers};
    return device->offered;
}

bool virtio_accept(struct virtio_device *device, uint64_t features) {
    device->features = (features & device->offered) | VIRTIO_F_VERSION_1;
    return device->offered & VIRTIO_F_VERSION_1;
}

bool virtio_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t index, uint16_t size, void *memory) {
    if (index >= FAKE_QUEUES || size > fake.queue_max) {
        return false;
    }
    virtqueue_init(queue, index, size, memory, device->features & VIRTIO_F_EVENT_IDX);
    fake.queues[index] = queue;
    return true;
}

void virtio_ready(struct virtio_device *device) {
    (void)device;
}

uint8_t virtio_config8(const struct virtio_device *device, unsigned offset) {
    (void)device;
    return fake.config[offset];
}

uint16_t virtio_config16(const struct virtio_device *device, unsigned offset) {
    (void)device;
    return (uint16_t)(fake.config[offset] | fake.config[offset + 1] << 8);
}

uint32_t virtio_config32(const struct virtio_device *device, unsigned offset) {
    return virtio_config16(device, offset) | (uint32_t)virtio_config16(device, offset + 2) << 16;
}

uint32_t virtio_generation(const struct virtio_device *device) {
    (void)device;
    return fake.generation;
}

void virtio_kick(struct virtio_device *device, struct virtqueue *queue) {
    if (virtqueue_needs_kick(queue)) {
        device->kicks++;
        fake.kicks++;
    }
}

// The device's side of the queues (Virtio 1.2, 2.7) -----------------------------------------------------------------

bool fake_pop(unsigned index, uint16_t *id, struct virtq_desc *desc) {
    struct virtqueue *queue = fake.queues[index];
    if (fake.taken[index] == queue->avail[1]) {
        return false;
    }
    *id = queue->avail[2 + fake.taken[index]++ % queue->size];
    *desc = queue->desc[*id];
    return true;
}

void fake_push(unsigned index, uint32_t id, uint32_t length) {
    struct virtqueue *queue = fake.queues[index];
    struct virtq_used_element *ring = (struct virtq_used_element *)(uintptr_t)(queue->used + 2);
    ring[queue->used[1] % queue->size] = (struct virtq_used_element) {id, length};
    queue->used[1]++;
}

bool fake_deliver(unsigned index, const void *bytes, size_t length) {
    uint16_t id;
    struct virtq_desc desc;
    if (!fake_pop(index, &id, &desc) || !(desc.flags & VIRTQ_DESC_WRITE) || desc.length < length) {
        return false;
    }
    memcpy((void *)(uintptr_t)desc.address, bytes, length);
    fake_push(index, id, (uint32_t)length);
    return true;
}

void fake_skip(unsigned index, uint16_t count) {
    fake.queues[index]->used[1] += count;
}
