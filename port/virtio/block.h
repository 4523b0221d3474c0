// block.h - virtio block device. Spec: Virtio 1.2, section 5.2. One request at a time, straight from and to the caller's
// memory.

#ifndef PYMNET_VIRTIO_BLOCK_H
#define PYMNET_VIRTIO_BLOCK_H

#include <stddef.h>

#include "platform.h"
#include "virtio.h"

struct virtio_block_request {
    uint32_t type, reserved;
    uint64_t sector; // of 512 bytes, whatever the device's own are
    uint8_t status;
};

struct virtio_block {
    struct virtio_device device;
    struct virtqueue requests;
    struct virtio_block_request request; // in the device while one is under way
    bool read_only;
};

size_t virtio_block_memory(void);

// Sets the device behind `transport` up; NULL: it is unusable.
struct virtio_block *virtio_block_init(struct virtio_transport *transport, void *memory, struct block_info *info);

// Has the device begin to read or write. The buffer is the device's until virtio_block_done() says true.
void virtio_block_start(struct virtio_block *block, bool write, uint64_t offset, void *buffer, uint32_t length);

// Whether the request has come to its end; *good: as it should.
bool virtio_block_done(struct virtio_block *block, bool *good);

// Takes the buffer back from a device that does not answer: it is reset, and not used any more.
void virtio_block_give_up(struct virtio_block *block);

// Asks for an interrupt at the end of the request.
void virtio_block_arm(struct virtio_block *block);

#endif // PYMNET_VIRTIO_BLOCK_H
