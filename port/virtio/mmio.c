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

// A hypervisor that emulates the access supports moves of general registers, not of vector registers, which a
// compiler may choose: the empty asm forces a general register.
static uint32_t read_register(const volatile uint32_t *at) {
    uint32_t value = *at;
    __asm__("" : "+r"(value));
    return value;
}

static void write_register(volatile uint32_t *at, uint32_t value) {
    __asm__("" : "+r"(value));
    *at = value;
}

static volatile uint32_t *registers_of(const struct virtio_transport *transport) {
    return ((const struct virtio_mmio *)transport)->registers;
}

static uint64_t reset(struct virtio_transport *transport) {
    volatile uint32_t *registers = registers_of(transport);
    write_register(&registers[REG_STATUS], 0);
    write_register(&registers[REG_STATUS], STATUS_ACKNOWLEDGE | STATUS_DRIVER);
    write_register(&registers[REG_DEVICE_FEATURES_SELECT], 1);
    uint64_t features = (uint64_t)read_register(&registers[REG_DEVICE_FEATURES]) << 32;
    write_register(&registers[REG_DEVICE_FEATURES_SELECT], 0);
    return features | read_register(&registers[REG_DEVICE_FEATURES]);
}

static bool accept(struct virtio_transport *transport, uint64_t features) {
    volatile uint32_t *registers = registers_of(transport);
    write_register(&registers[REG_DRIVER_FEATURES_SELECT], 1);
    write_register(&registers[REG_DRIVER_FEATURES], (uint32_t)(features >> 32));
    write_register(&registers[REG_DRIVER_FEATURES_SELECT], 0);
    write_register(&registers[REG_DRIVER_FEATURES], (uint32_t)features);
    write_register(&registers[REG_STATUS], STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
    return read_register(&registers[REG_STATUS]) & STATUS_FEATURES_OK;
}

static uint16_t queue_size_max(struct virtio_transport *transport, uint16_t index) {
    volatile uint32_t *registers = registers_of(transport);
    write_register(&registers[REG_QUEUE_SELECT], index);
    uint32_t most = read_register(&registers[REG_QUEUE_READY]) != 0 ? 0 : read_register(&registers[REG_QUEUE_SIZE_MAX]);
    return most < UINT16_MAX ? (uint16_t)most : UINT16_MAX;
}

static void write_address(volatile uint32_t *pair, uint64_t address) {
    write_register(&pair[0], (uint32_t)address);
    write_register(&pair[1], (uint32_t)(address >> 32));
}

static void enable_queue(struct virtio_transport *transport, const struct virtqueue *queue) {
    volatile uint32_t *registers = registers_of(transport);
    write_register(&registers[REG_QUEUE_SELECT], queue->index);
    write_register(&registers[REG_QUEUE_SIZE], queue->size);
    write_address(&registers[REG_QUEUE_DESC], virtqueue_desc_address(queue));
    write_address(&registers[REG_QUEUE_AVAIL], virtqueue_avail_address(queue));
    write_address(&registers[REG_QUEUE_USED], virtqueue_used_address(queue));
    write_register(&registers[REG_QUEUE_READY], 1);
}

static void ready(struct virtio_transport *transport) {
    write_register(&registers_of(transport)[REG_STATUS],
        STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
}

static uint32_t config(const struct virtio_transport *transport, unsigned offset, unsigned width) {
    const volatile uint8_t *field = (const volatile uint8_t *)registers_of(transport) + REG_CONFIG + offset;
    uint32_t value = width == 1 ? *field
        : width == 2            ? *(const volatile uint16_t *)field
                                : *(const volatile uint32_t *)field;
    __asm__("" : "+r"(value));
    return value;
}

static uint32_t generation(const struct virtio_transport *transport) {
    return read_register(&registers_of(transport)[REG_GENERATION]);
}

static void notify(struct virtio_transport *transport, uint16_t index) {
    write_register(&registers_of(transport)[REG_QUEUE_NOTIFY], index);
}

// Reading the interrupt status would tell a queue's interrupt from one of the configuration, for another trip
// to the host. The queues are checked anyway, and a change of the configuration is found by its generation,
// later.
static void acknowledge(struct virtio_transport *transport) {
    write_register(&registers_of(transport)[REG_INTERRUPT_ACK], INTERRUPT_QUEUE | INTERRUPT_CONFIG);
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
    if (read_register(&registers[REG_MAGIC]) != MAGIC || read_register(&registers[REG_VERSION]) != VERSION_MODERN) {
        return false;
    }
    uint32_t device_id = read_register(&registers[REG_DEVICE_ID]);
    if (device_id == 0) {
        return false;
    }
    *mmio = (struct virtio_mmio) {
        .transport = {.ops = &mmio_ops, .device_id = device_id, .interrupt = interrupt},
        .registers = registers,
    };
    return true;
}
