// fake_device.c - see fake_device.h. Both sides run in one thread, so no order of memory accesses is tested here.

#include <string.h>

#include "check.h"
#include "fake_device.h"

struct fake_device fake;

void fake_begin(uint64_t offers) {
    fake = (struct fake_device) {.offers = offers | VIRTIO_F_VERSION_1, .queue_max = VIRTQ_SIZE_MAX};
}

// The bus (virtio/transport.h) -----------------------------------------------------------------------------------------

static uint64_t reset(struct virtio_transport *transport) {
    (void)transport;
    return fake.offers;
}

static bool accept(struct virtio_transport *transport, uint64_t features) {
    (void)transport;
    CHECK((features & ~fake.offers) == 0);
    return true;
}

static uint16_t queue_size_max(struct virtio_transport *transport, uint16_t index) {
    (void)transport;
    return index < FAKE_QUEUES ? fake.queue_max : 0;
}

static void enable_queue(struct virtio_transport *transport, const struct virtqueue *queue) {
    (void)transport;
    fake.queues[queue->index] = queue;
}

static void ready(struct virtio_transport *transport) {
    (void)transport;
}

static uint32_t config(const struct virtio_transport *transport, unsigned offset, unsigned width) {
    (void)transport;
    uint32_t value = 0;
    memcpy(&value, fake.config + offset, width);
    return value;
}

static uint32_t generation(const struct virtio_transport *transport) {
    (void)transport;
    return fake.generation;
}

static void notify(struct virtio_transport *transport, uint16_t index) {
    (void)transport;
    CHECK(index < FAKE_QUEUES && fake.queues[index] != NULL);
    fake.kicks++;
}

static void acknowledge(struct virtio_transport *transport) {
    (void)transport;
}

static const struct virtio_transport_ops ops = {
    .reset = reset,
    .accept = accept,
    .queue_size_max = queue_size_max,
    .enable_queue = enable_queue,
    .ready = ready,
    .config = config,
    .generation = generation,
    .notify = notify,
    .acknowledge = acknowledge,
};

struct virtio_transport fake_transport = {.ops = &ops};

// The device's side of the queues (Virtio 1.2, 2.7) -----------------------------------------------------------------

bool fake_pop(unsigned index, uint16_t *id, struct virtq_desc *desc) {
    const struct virtqueue *queue = fake.queues[index];
    if (fake.taken[index] == queue->avail[1]) {
        return false;
    }
    *id = queue->avail[2 + fake.taken[index]++ % queue->size];
    *desc = queue->desc[*id];
    return true;
}

void fake_push(unsigned index, uint32_t id, uint32_t length) {
    const struct virtqueue *queue = fake.queues[index];
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
