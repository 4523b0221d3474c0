// virtqueue.h - a split virtqueue, seen from the driver. Spec: Virtio 1.2, section 2.7.
//
// A queue owns its descriptors individually: buffer i of a device is descriptor i, or begins a chain.
// Everything read from the device - indices, lengths - is checked; a device that violates the protocol makes
// the queue `broken`, and a broken queue stays empty and full permanently.

#ifndef PYMNET_VIRTIO_VIRTQUEUE_H
#define PYMNET_VIRTIO_VIRTQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIRTQ_SIZE_MAX 256

#define VIRTQ_DESC_NEXT 1  // `next` is the next of a chain
#define VIRTQ_DESC_WRITE 2 // the device writes into it

struct virtq_desc {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct virtq_used_element {
    uint32_t id, length;
};

struct virtqueue {
    uint16_t size;  // a power of two, VIRTQ_SIZE_MAX at most
    uint16_t index; // which of the device's queues
    bool event_idx; // VIRTIO_F_EVENT_IDX was negotiated
    bool broken;

    volatile struct virtq_desc *desc;
    volatile uint16_t *avail; // flags, index, ring[size], used_event
    volatile uint16_t *used;  // flags, index, ring[size], avail_event

    uint16_t avail_index;           // buffers made available so far
    uint16_t used_index;            // buffers reclaimed so far
    uint16_t kick_index;            // avail_index when a kick was last decided on
    bool in_device[VIRTQ_SIZE_MAX]; // by descriptor
};

// Bytes of memory that a queue of this size takes; it must start on a page.
size_t virtqueue_bytes(uint16_t size);
void virtqueue_init(struct virtqueue *queue, uint16_t index, uint16_t size, void *memory, bool event_idx);

// Addresses for the device.
uint64_t virtqueue_desc_address(const struct virtqueue *queue);
uint64_t virtqueue_avail_address(const struct virtqueue *queue);
uint64_t virtqueue_used_address(const struct virtqueue *queue);

// Fills descriptor `id`, which must not be in the device.
void virtqueue_set(struct virtqueue *queue, uint16_t id, const void *buffer, uint32_t length, uint16_t flags);

// Has descriptor `next` follow `id` in a chain, of which only the first is then offered and taken back.
void virtqueue_chain(struct virtqueue *queue, uint16_t id, uint16_t next);

// Gives descriptor `id` to the device.
void virtqueue_offer(struct virtqueue *queue, uint16_t id);

// Whether the device wants a notification for buffers offered since the last call.
bool virtqueue_needs_kick(struct virtqueue *queue);

// Returns how many returned descriptors were not taken yet.
uint16_t virtqueue_pending(struct virtqueue *queue);

// Takes back the next descriptor: its id and how many bytes the device wrote into it. false: none there.
bool virtqueue_take(struct virtqueue *queue, uint16_t *id, uint32_t *length);

// Enables one interrupt, when the device has returned `more` descriptors beyond the next. The caller must
// check virtqueue_pending() afterwards: it may have happened already.
void virtqueue_interrupt_on(struct virtqueue *queue, uint16_t more);

// No interrupt is wanted any more. With EVENT_IDX there is nothing to do: it was for one alone.
void virtqueue_interrupt_off(struct virtqueue *queue);

// All descriptors are back, or will never be.
bool virtqueue_idle(struct virtqueue *queue);

#endif // PYMNET_VIRTIO_VIRTQUEUE_H
