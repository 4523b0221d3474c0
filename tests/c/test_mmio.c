// test_mmio.c - port/virtio/mmio.c on registers that are memory: which devices it takes, and what it writes where.

#include <string.h>

#include "check.h"
#include "virtio/mmio.h"
#include "virtio/virtio.h"

// Virtio 1.2, table 4.1.
enum { MAGIC, VERSION, DEVICE_ID, FEATURES = 0x10 / 4, DRIVER_FEATURES = 0x20 / 4, QUEUE_SIZE_MAX = 0x34 / 4 };
enum { QUEUE_SIZE = 0x38 / 4, QUEUE_READY = 0x44 / 4, QUEUE_NOTIFY = 0x50 / 4, INTERRUPT_ACK = 0x64 / 4 };
enum { STATUS = 0x70 / 4, DESC = 0x80 / 4, GENERATION = 0xfc / 4, CONFIG = 0x100 / 4 };

static volatile uint32_t registers[128];
static struct virtio_mmio mmio;
static _Alignas(4096) char memory[8192];

static bool probe(uint32_t magic, uint32_t version, uint32_t id) {
    memset((void *)registers, 0, sizeof(registers));
    registers[MAGIC] = magic;
    registers[VERSION] = version;
    registers[DEVICE_ID] = id;
    return virtio_mmio_probe(&mmio, (uintptr_t)registers, 7);
}

static void test_only_modern_devices_are_taken(void) {
    CHECK(!probe(0, 0, 0));
    CHECK(!probe(UINT32_MAX, UINT32_MAX, UINT32_MAX)); // nothing answers on the bus
    CHECK(!probe(0x74726976, 1, VIRTIO_NET));          // legacy
    CHECK(!probe(0x74726976, 2, 0));                   // a slot without a device
    CHECK(probe(0x74726976, 2, VIRTIO_NET));
    CHECK(mmio.transport.device_id == VIRTIO_NET && mmio.transport.interrupt == 7);
}

static void test_a_device_is_set_up(void) {
    struct virtio_device device;
    struct virtqueue queue;
    CHECK(probe(0x74726976, 2, VIRTIO_BLOCK));
    registers[FEATURES] = 1; // either half
    CHECK(virtio_reset(&device, &mmio.transport) == 0x100000001);
    CHECK(registers[STATUS] == (1 | 2)); // ACKNOWLEDGE, DRIVER
    CHECK(virtio_accept(&device, 1) && device.features == 0x100000001);
    CHECK(registers[DRIVER_FEATURES] == 1 && registers[STATUS] == (1 | 2 | 8)); // FEATURES_OK

    CHECK(!virtio_queue(&device, &queue, 3, 8, memory)); // no such queue
    registers[QUEUE_SIZE_MAX] = 4;
    CHECK(!virtio_queue(&device, &queue, 3, 8, memory)); // too short
    registers[QUEUE_SIZE_MAX] = 1 << 20;
    registers[QUEUE_READY] = 1;
    CHECK(!virtio_queue(&device, &queue, 3, 8, memory)); // in use
    registers[QUEUE_READY] = 0;
    CHECK(virtio_queue(&device, &queue, 3, 8, memory));
    CHECK(registers[QUEUE_SIZE] == 8 && registers[QUEUE_READY] == 1);
    CHECK((registers[DESC] | (uint64_t)registers[DESC + 1] << 32) == virtqueue_desc_address(&queue));
    virtio_ready(&device);
    CHECK(registers[STATUS] == (1 | 2 | 4 | 8)); // DRIVER_OK

    virtqueue_set(&queue, 0, memory, 1, 0);
    virtqueue_offer(&queue, 0);
    virtio_kick(&device, &queue);
    CHECK(registers[QUEUE_NOTIFY] == 3 && device.kicks == 1);
    virtio_acknowledge(&device);
    CHECK(registers[INTERRUPT_ACK] == (1 | 2) && device.interrupted);
}

static void test_the_configuration_is_read_in_the_width_of_its_fields(void) {
    struct virtio_device device;
    CHECK(probe(0x74726976, 2, VIRTIO_NET));
    virtio_reset(&device, &mmio.transport);
    registers[CONFIG] = 0x04030201;
    registers[CONFIG + 1] = 0x08070605;
    registers[GENERATION] = 9;
    CHECK(virtio_config8(&device, 1) == 2);
    CHECK(virtio_config16(&device, 2) == 0x0403);
    CHECK(virtio_config32(&device, 4) == 0x08070605);
    CHECK(virtio_generation(&device) == 9);
}

int main(void) {
    test_only_modern_devices_are_taken();
    test_a_device_is_set_up();
    test_the_configuration_is_read_in_the_width_of_its_fields();
    return 0;
}
