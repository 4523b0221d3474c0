// block.c - the block devices of platform.h: found in the order of the manifest.

#include "devices.h"
#include "drivers.h"
#include "py/mperrno.h"
#include "virtio/block.h"

#define BLOCKS_MAX 16
#define CHUNK ((size_t)1 << 20) // bytes a request: some hosts refuse longer ones

// A host's disk may take long; one that takes longer is taken for broken.
#define ANSWER_NS UINT64_C(30000000000)

static struct slot {
    struct virtio_transport *transport;
    void *memory;
    struct virtio_block *block; // NULL until opened
} slots[BLOCKS_MAX];
static unsigned slot_count;

static struct slot *by_handle[MANIFEST_ENTRIES_MAX];

void blocks_found(struct boot *boot, struct virtio_transport *transport) {
    void *memory = slot_count < BLOCKS_MAX ? devices_memory(boot, virtio_block_memory()) : NULL;
    if (memory != NULL) {
        slots[slot_count++] = (struct slot) {.transport = transport, .memory = memory};
    }
}

void blocks_name(const struct manifest *manifest) {
    unsigned next = 0;
    for (unsigned handle = 0; handle < manifest_count(manifest) && next < slot_count; handle++) {
        if (manifest->entry[handle].type == MANIFEST_BLOCK) {
            by_handle[handle] = &slots[next++];
        }
    }
}

int platform_block_open(unsigned handle, struct block_info *info) {
    struct slot *slot = handle < MANIFEST_ENTRIES_MAX ? by_handle[handle] : NULL;
    if (slot == NULL || slot->block != NULL) {
        return slot == NULL ? -MP_ENODEV : -MP_EBUSY;
    }
    slot->block = virtio_block_init(slot->transport, slot->memory, info);
    if (slot->block == NULL) {
        return -MP_EIO;
    }
    devices_listen(&slot->block->device);
    return 0;
}

static bool wait_for_end(struct virtio_block *block) {
    uint64_t deadline = platform_clock_monotonic() + ANSWER_NS;
    bool good;
    while (!virtio_block_done(block, &good)) {
        virtio_block_arm(block);
        if (virtqueue_pending(&block->requests) == 0 && !devices_sleep(deadline)) {
            virtio_block_give_up(block);
        }
    }
    return good;
}

static int transfer(unsigned handle, bool write, uint64_t offset, char *buffer, size_t length) {
    struct virtio_block *block = by_handle[handle]->block;
    while (length > 0) {
        size_t part = length < CHUNK ? length : CHUNK;
        if (block->requests.broken || (write && block->read_only)) {
            return -MP_EIO;
        }
        virtio_block_start(block, write, offset, buffer, (uint32_t)part);
        if (!wait_for_end(block)) {
            return -MP_EIO;
        }
        offset += part;
        buffer += part;
        length -= part;
    }
    return 0;
}

int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length) {
    return transfer(handle, false, offset, buffer, length);
}

int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length) {
    return transfer(handle, true, offset, (char *)(uintptr_t)buffer, length);
}
