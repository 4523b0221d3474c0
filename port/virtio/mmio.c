// mmio.c - virtio over memory-mapped I/O. Spec: Virtio 1.2, section 4.2; initialization: 3.1.1.

#include "mmio.h"
#include "virtqueue.h"

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

static volatile uint32_t *registers_of(const struct virtio_transport *transport) {
    return ((const struct virtio_mmio *)transport)->registers;
}

static uint64_t reset(struct virtio_transport *transport) {
    volatile uint32_t *registers = registers_of(transport);
    registers[REG_STATUS] = 0;
    registers[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER;
    registers[REG_DEVICE_FEATURES_SELECT] = 1;
    uint64_t features = (uint64_t)registers[REG_DEVICE_FEATURES] << 32;
    registers[REG_DEVICE_FEATURES_SELECT] = 0;
    return features | registers[REG_DEVICE_FEATURES];
}

static bool accept(struct virtio_transport *transport, uint64_t features) {
    volatile uint32_t *registers = registers_of(transport);
    registers[REG_DRIVER_FEATURES_SELECT] = 1;
    registers[REG_DRIVER_FEATURES] = (uint32_t)(features >> 32);
    registers[REG_DRIVER_FEATURES_SELECT] = 0;
    registers[REG_DRIVER_FEATURES] = (uint32_t)features;
    registers[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK;
    return registers[REG_STATUS] & STATUS_FEATURES_OK;
}

static uint16_t queue_size_max(struct virtio_transport *transport, uint16_t index) {
    volatile uint32_t *registers = registers_of(transport);
    registers[REG_QUEUE_SELECT] = index;
    uint32_t most = registers[REG_QUEUE_READY] != 0 ? 0 : registers[REG_QUEUE_SIZE_MAX];
    return most < UINT16_MAX ? (uint16_t)most : UINT16_MAX;
}

static void write_address(volatile uint32_t *pair, uint64_t address) {
    pair[0] = (uint32_t)address;
    pair[1] = (uint32_t)(address >> 32);
}

static void enable_queue(struct virtio_transport *transport, const struct virtqueue *queue) {
    volatile uint32_t *registers = registers_of(transport);
    registers[REG_QUEUE_SELECT] = queue->index;
    registers[REG_QUEUE_SIZE] = queue->size;
    write_address(&registers[REG_QUEUE_DESC], virtqueue_desc_address(queue));
    write_address(&registers[REG_QUEUE_AVAIL], virtqueue_avail_address(queue));
    write_address(&registers[REG_QUEUE_USED], virtqueue_used_address(queue));
    registers[REG_QUEUE_READY] = 1;
}

static void ready(struct virtio_transport *transport) {
    registers_of(transport)[REG_STATUS] = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK;
}

static uint32_t config(const struct virtio_transport *transport, unsigned offset, unsigned width) {
    const volatile uint8_t *field = (const volatile uint8_t *)registers_of(transport) + REG_CONFIG + offset;
    switch (width) {
    case 1: return *field;
    case 2: return *(const volatile uint16_t *)field;
    default: return *(const volatile uint32_t *)field;
    }
}

static uint32_t generation(const struct virtio_transport *transport) {
    return registers_of(transport)[REG_GENERATION];
}

static void notify(struct virtio_transport *transport, uint16_t index) {
    registers_of(transport)[REG_QUEUE_NOTIFY] = index;
}

// To read the interrupt status first, which tells a queue's interrupt from one of the configuration, would be another
// trip to the host. The queues are looked at anyway, and the generation tells of a changed configuration later.
static void acknowledge(struct virtio_transport *transport) {
    registers_of(transport)[REG_INTERRUPT_ACK] = INTERRUPT_QUEUE | INTERRUPT_CONFIG;
}

static const struct virtio_transport_ops mmio_ops = {
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

bool virtio_mmio_probe(struct virtio_mmio *mmio, uintptr_t address, unsigned interrupt) {
    volatile uint32_t *registers = (volatile uint32_t *)address;
    if (registers[REG_MAGIC] != MAGIC || registers[REG_VERSION] != VERSION_MODERN || registers[REG_DEVICE_ID] == 0) {
        return false;
    }
    *mmio = (struct virtio_mmio) {
        .transport = {.ops = &mmio_ops, .device_id = registers[REG_DEVICE_ID], .interrupt = interrupt},
        .registers = registers,
    };
    return true;
}
