// virtqueue.c - see virtqueue.h. Depends on memory only: tests compile it on a host, against a fake device.

#include <string.h>

#include "barrier.h"
#include "virtqueue.h"

#define AVAIL_NO_INTERRUPT 1
#define USED_NO_NOTIFY 1

// Layout of the two rings in 16-bit units (2.7.6, 2.7.8).
#define RING_FLAGS 0
#define RING_INDEX 1
#define RING_START 2
#define USED_ELEMENT_UNITS (sizeof(struct virtq_used_element) / sizeof(uint16_t))

#define DESC_BYTES(size) ((size_t)(size) * sizeof(struct virtq_desc))
#define AVAIL_BYTES(size) (((size_t)(size) + 3) * sizeof(uint16_t))
#define USED_BYTES(size) ((size_t)(size) * sizeof(struct virtq_used_element) + 3 * sizeof(uint16_t))

static size_t used_offset(uint16_t size) {
    return (DESC_BYTES(size) + AVAIL_BYTES(size) + 3) & ~(size_t)3; // 4-byte alignment (2.7)
}

size_t virtqueue_bytes(uint16_t size) {
    return used_offset(size) + USED_BYTES(size);
}

void virtqueue_init(struct virtqueue *queue, uint16_t index, uint16_t size, void *memory, bool event_idx) {
    memset(memory, 0, virtqueue_bytes(size));
    *queue = (struct virtqueue) {
        .size = size,
        .index = index,
        .event_idx = event_idx,
        .desc = memory,
        .avail = (uint16_t *)((char *)memory + DESC_BYTES(size)),
        .used = (uint16_t *)((char *)memory + used_offset(size)),
    };
    virtqueue_interrupt_off(queue);
}

uint64_t virtqueue_desc_address(const struct virtqueue *queue) {
    return (uintptr_t)queue->desc;
}

uint64_t virtqueue_avail_address(const struct virtqueue *queue) {
    return (uintptr_t)queue->avail;
}

uint64_t virtqueue_used_address(const struct virtqueue *queue) {
    return (uintptr_t)queue->used;
}

void virtqueue_set(struct virtqueue *queue, uint16_t id, const void *buffer, uint32_t length, uint16_t flags) {
    volatile struct virtq_desc *desc = &queue->desc[id];
    desc->address = (uintptr_t)buffer;
    desc->length = length;
    desc->flags = flags;
    desc->next = 0;
}

void virtqueue_chain(struct virtqueue *queue, uint16_t id, uint16_t next) {
    volatile struct virtq_desc *desc = &queue->desc[id];
    desc->flags |= VIRTQ_DESC_NEXT;
    desc->next = next;
}

void virtqueue_offer(struct virtqueue *queue, uint16_t id) {
    queue->in_device[id] = true;
    queue->avail[RING_START + (queue->avail_index & (queue->size - 1))] = id;
    virtio_order();
    queue->avail[RING_INDEX] = ++queue->avail_index;
}

bool virtqueue_needs_kick(struct virtqueue *queue) {
    uint16_t before = queue->kick_index, now = queue->avail_index;
    if (before == now || queue->broken) {
        return false;
    }
    queue->kick_index = now;
    virtio_order_write_read();
    if (!queue->event_idx) {
        return !(queue->used[RING_FLAGS] & USED_NO_NOTIFY);
    }
    // 2.7.10: the device publishes the index after which it wants a notification.
    uint16_t event = queue->used[RING_START + queue->size * USED_ELEMENT_UNITS];
    return (uint16_t)(now - event - 1) < (uint16_t)(now - before);
}

uint16_t virtqueue_pending(struct virtqueue *queue) {
    if (queue->broken) {
        return 0;
    }
    uint16_t pending = queue->used[RING_INDEX] - queue->used_index;
    uint16_t in_device = queue->avail_index - queue->used_index;
    if (pending > in_device) { // more came back than was given
        queue->broken = true;
        return 0;
    }
    return pending;
}

bool virtqueue_take(struct virtqueue *queue, uint16_t *id, uint32_t *length) {
    if (virtqueue_pending(queue) == 0) {
        return false;
    }
    virtio_order();
    const volatile struct virtq_used_element *element =
        (const volatile struct virtq_used_element *)(queue->used + RING_START)
        + (queue->used_index & (queue->size - 1));
    uint32_t given_back = element->id, written = element->length; // read once: the device may change them
    if (given_back >= queue->size || !queue->in_device[given_back]
        || (queue->desc[given_back].flags & VIRTQ_DESC_WRITE && written > queue->desc[given_back].length)) {
        queue->broken = true;
        return false;
    }
    queue->in_device[given_back] = false;
    queue->used_index++;
    *id = (uint16_t)given_back;
    *length = written;
    return true;
}

void virtqueue_interrupt_on(struct virtqueue *queue, uint16_t more) {
    if (queue->event_idx) {
        queue->avail[RING_START + queue->size] = (uint16_t)(queue->used_index + more); // used_event, 2.7.10
    } else {
        queue->avail[RING_FLAGS] = 0;
    }
    virtio_order_write_read();
}

void virtqueue_interrupt_off(struct virtqueue *queue) {
    if (queue->event_idx) {
        // An index far ahead: 2.7.10.1 allows the flag alone only without EVENT_IDX.
        queue->avail[RING_START + queue->size] = (uint16_t)(queue->used_index - 1);
    } else {
        queue->avail[RING_FLAGS] = AVAIL_NO_INTERRUPT;
    }
}

bool virtqueue_idle(struct virtqueue *queue) {
    uint16_t pending = virtqueue_pending(queue);
    return queue->broken || pending == (uint16_t)(queue->avail_index - queue->used_index);
}
