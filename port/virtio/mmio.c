// mmio.c - virtio over memory-mapped I/O. Spec: Virtio 1.2, section 4.2; initialization: 3.1.1.

#include <stddef.h>

#include "barrier.h"
#include "virtio.h"

#define MAGIC 0x74726976 // "virt"
#define VERSION_MODERN 2

#define REG_MAGIC (0x000 / 4)
#define REG_VERSION (0x004 / 4)
#define REG_DEVICE_ID (0x008 / 4)
#define REG_DEVICE_FEATURES (0x010 / 4)
#define REG_DEVICE_FEATURES_SELECT (0x014 / 4)
#define REG_DRIVER_FEATURES (0x020 / 4)
#define REG_DRIVER_FEATURES_SELECT (0x024 / 4)
#define REG_QUEUE_SELECT (0x030 / 4)
#define REG_QUEUE_SIZE_MAX (0x034 / 4)
#define REG_QUEUE_SIZE (0x038 / 4)
#define REG_QUEUE_READY (0x044 / 4)
#define REG_QUEUE_NOTIFY (0x050 / 4)
#define REG_INTERRUPT_ACK (0x064 / 4)
#define REG_STATUS (0x070 / 4)
#define REG_QUEUE_DESC (0x080 / 4) // low word, then high word; so the next two
#define REG_QUEUE_AVAIL (0x090 / 4)
#define REG_QUEUE_USED (0x0a0 / 4)
#define REG_GENERATION (0x0fc / 4)
#define REG_CONFIG 0x100 // bytes

#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER 2
#define STATUS_DRIVER_OK 4
#define STATUS_FEATURES_OK 8

#define INTERRUPT_QUEUE 1
#define INTERRUPT_CONFIG 2

uint32_t virtio_probe(uintptr_t address) {
    const volatile uint32_t *registers = (const volatile uint32_t *)address;
    if (registers[REG_MAGIC] != MAGIC || registers[REG_VERSION] != VERSION_MODERN) {
        return 0;
    }
    return registers[REG_DEVICE_ID];
}

uint64_t virtio_reset(struct virtio_device *device, uintptr_t address) {
    volatile uint32_t *registers = (volatile uint32_t *)address;
    *device = (struct virtio_device) {.registers = registers};
    registers[REG_STATUS] = 0;
    registers[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER;
    registers[REG_DEVICE_FEATURES_SELECT] = 1;
    uint64_t features = (uint64_t)registers[REG_DEVICE_FEATURES] << 32;
    registers[REG_DEVICE_FEATURES_SELECT] = 0;
    device->offered = features | registers[REG_DEVICE_FEATURES];
    return device->offered;
}

bool virtio_accept(struct virtio_device *device, uint64_t features) {
    volatile uint32_t *registers = device->registers;
    if (!(device->offered & VIRTIO_F_VERSION_1)) {
        return false;
    }
    device->features = (features & device->offered) | VIRTIO_F_VERSION_1;
    registers[REG_DRIVER_FEATURES_SELECT] = 1;
    registers[REG_DRIVER_FEATURES] = (uint32_t)(device->features >> 32);
    registers[REG_DRIVER_FEATURES_SELECT] = 0;
    registers[REG_DRIVER_FEATURES] = (uint32_t)device->features;
    registers[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK;
    return registers[REG_STATUS] & STATUS_FEATURES_OK;
}

static void write_address(volatile uint32_t *pair, uint64_t address) {
    pair[0] = (uint32_t)address;
    pair[1] = (uint32_t)(address >> 32);
}

bool virtio_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t index, uint16_t size, void *memory) {
    volatile uint32_t *registers = device->registers;
    registers[REG_QUEUE_SELECT] = index;
    if (registers[REG_QUEUE_READY] != 0 || registers[REG_QUEUE_SIZE_MAX] < size) {
        return false;
    }
    virtqueue_init(queue, index, size, memory, device->features & VIRTIO_F_EVENT_IDX);
    registers[REG_QUEUE_SIZE] = size;
    write_address(&registers[REG_QUEUE_DESC], virtqueue_desc_address(queue));
    write_address(&registers[REG_QUEUE_AVAIL], virtqueue_avail_address(queue));
    write_address(&registers[REG_QUEUE_USED], virtqueue_used_address(queue));
    registers[REG_QUEUE_READY] = 1;
    return true;
}

void virtio_ready(struct virtio_device *device) {
    device->registers[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK;
}

uint8_t virtio_config8(const struct virtio_device *device, unsigned offset) {
    return ((const volatile uint8_t *)device->registers)[REG_CONFIG + offset];
}

uint16_t virtio_config16(const struct virtio_device *device, unsigned offset) {
    return *(const volatile uint16_t *)((const volatile uint8_t *)device->registers + REG_CONFIG + offset);
}

uint32_t virtio_config32(const struct virtio_device *device, unsigned offset) {
    return *(const volatile uint32_t *)((const volatile uint8_t *)device->registers + REG_CONFIG + offset);
}

uint32_t virtio_generation(const struct virtio_device *device) {
    return device->registers[REG_GENERATION];
}

void virtio_kick(struct virtio_device *device, struct virtqueue *queue) {
    if (virtqueue_needs_kick(queue)) {
        device->kicks++;
        device->registers[REG_QUEUE_NOTIFY] = queue->index;
    }
}

void virtio_acknowledge(struct virtio_device *device) {
    // Which of the two it was, the interrupt status would say, for another trip to the host. The queues are looked at
    // anyway, and whether the configuration has changed its generation tells as well, later.
    device->registers[REG_INTERRUPT_ACK] = INTERRUPT_QUEUE | INTERRUPT_CONFIG;
    device->interrupted = true;
}
