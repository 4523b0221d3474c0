// block.c - see block.h.

#include <string.h>

#include "block.h"

#define QUEUE_REQUESTS 0
#define QUEUE_SIZE 4
#define PAGE ((size_t)4096)

#define F_RO (UINT64_C(1) << 5)
#define F_BLK_SIZE (UINT64_C(1) << 6)

#define CONFIG_CAPACITY 0
#define CONFIG_BLK_SIZE 20

#define SECTOR 512 // the unit of the device's interface (5.2.4)
#define SECTOR_SIZE_MAX (64u << 10)

#define TYPE_IN 0
#define TYPE_OUT 1
#define STATUS_OK 0
#define STATUS_PENDING 0xff // a value that no device writes

#define HEADER_SIZE 16

// The chain of a request: header, data, status.
enum { HEADER, DATA, STATUS };

size_t virtio_block_memory(void) {
    return 2 * PAGE;
}

static bool describe(const struct virtio_block *block, struct block_info *info) {
    const struct virtio_device *device = &block->device;
    uint64_t sectors =
        virtio_config32(device, CONFIG_CAPACITY) | (uint64_t)virtio_config32(device, CONFIG_CAPACITY + 4) << 32;
    info->sector_size = device->features & F_BLK_SIZE ? virtio_config32(device, CONFIG_BLK_SIZE) : SECTOR;
    if (info->sector_size < SECTOR || info->sector_size > SECTOR_SIZE_MAX
        || (info->sector_size & (info->sector_size - 1)) != 0 || sectors > UINT64_MAX / SECTOR) {
        return false;
    }
    info->capacity = sectors * SECTOR / info->sector_size * info->sector_size;
    return true;
}

struct virtio_block *virtio_block_init(struct virtio_transport *transport, void *memory, struct block_info *info) {
    struct virtio_block *block = memory;
    memset(block, 0, sizeof(*block));
    uint64_t offered = virtio_reset(&block->device, transport);
    // Without VIRTIO_BLK_F_FLUSH written data is persistent when the device reports completion (5.2.6.2).
    if (!virtio_accept(&block->device, offered & (F_RO | F_BLK_SIZE | VIRTIO_F_EVENT_IDX))
        || !virtio_queue(&block->device, &block->requests, QUEUE_REQUESTS, QUEUE_SIZE, (char *)memory + PAGE)
        || !describe(block, info)) {
        return NULL;
    }
    block->read_only = block->device.features & F_RO;
    virtio_ready(&block->device);
    return block;
}

void virtio_block_start(struct virtio_block *block, bool write, uint64_t offset, void *buffer, uint32_t length) {
    struct virtqueue *queue = &block->requests;
    struct virtio_block_request *request = &block->request;
    *request = (struct virtio_block_request) {
        .type = write ? TYPE_OUT : TYPE_IN,
        .sector = offset / SECTOR,
        .status = STATUS_PENDING,
    };
    virtqueue_set(queue, HEADER, request, HEADER_SIZE, 0);
    virtqueue_set(queue, DATA, buffer, length, write ? 0 : VIRTQ_DESC_WRITE);
    virtqueue_set(queue, STATUS, &request->status, sizeof(request->status), VIRTQ_DESC_WRITE);
    virtqueue_chain(queue, HEADER, DATA);
    virtqueue_chain(queue, DATA, STATUS);
    virtqueue_offer(queue, HEADER);
    virtio_kick(&block->device, queue);
}

bool virtio_block_done(struct virtio_block *block, bool *good) {
    uint16_t id;
    uint32_t length;
    if (!virtqueue_take(&block->requests, &id, &length)) {
        *good = false;
        return block->requests.broken;
    }
    *good = *(volatile uint8_t *)&block->request.status == STATUS_OK;
    return true;
}

void virtio_block_arm(struct virtio_block *block) {
    virtqueue_interrupt_on(&block->requests, 0);
}

void virtio_block_give_up(struct virtio_block *block) {
    virtio_reset(&block->device, block->device.transport);
    block->requests.broken = true;
}
