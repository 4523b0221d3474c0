// block.h - virtio block device. Spec: Virtio 1.2, section 5.2. One request at a time, directly from and to
// the caller's memory.

#ifndef PYMNET_VIRTIO_BLOCK_H
#define PYMNET_VIRTIO_BLOCK_H

#include <stddef.h>

#include "platform.h"
#include "virtio.h"

struct virtio_block_request {
    uint32_t type, reserved;
    uint64_t sector; // in units of 512 bytes, independent of the device's sector size
    uint8_t status;
};

struct virtio_block {
    struct virtio_device device;
    struct virtqueue requests;
    struct virtio_block_request request; // owned by the device during a request
    bool read_only;
};

size_t virtio_block_memory(void);

// Sets the device behind `transport` up; NULL: it is unusable.
struct virtio_block *virtio_block_init(struct virtio_transport *transport, void *memory, struct block_info *info);

// Starts to read or write. The buffer belongs to the device until virtio_block_done() returns true.
void virtio_block_start(struct virtio_block *block, bool write, uint64_t offset, void *buffer, uint32_t length);

// Whether the request is complete; *good: without an error.
bool virtio_block_done(struct virtio_block *block, bool *good);

// Resets a device that does not respond, to reclaim the buffer. The device is not used any more.
void virtio_block_give_up(struct virtio_block *block);

// Enables an interrupt for the end of the request.
void virtio_block_arm(struct virtio_block *block);

#endif // PYMNET_VIRTIO_BLOCK_H
