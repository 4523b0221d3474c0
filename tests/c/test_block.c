// test_block.c - port/virtio/block.c: requests as Virtio 1.2, section 5.2 lays them out, and devices that do not keep to it.

#include <string.h>

#include "check.h"
#include "fake_device.h"
#include "virtio/block.h"

#define F_RO (UINT64_C(1) << 5)
#define F_BLK_SIZE (UINT64_C(1) << 6)

static struct virtio_block *block;
static struct block_info info;
static uint8_t disk[8 * 512];

static struct virtio_block *begin(uint64_t features, uint64_t sectors, uint32_t sector_size) {
    static void *memory;
    free(memory);
    memory = aligned_alloc(4096, virtio_block_memory());
    fake_begin(features | VIRTIO_F_EVENT_IDX);
    memcpy(fake.config, &sectors, 8);
    memcpy(fake.config + 20, &sector_size, 4);
    return block = virtio_block_init(&fake_transport, memory, &info);
}

static void test_geometry(void) {
    CHECK(begin(0, 8, 0) && info.capacity == 4096 && info.sector_size == 512 && !block->read_only);
    CHECK(begin(F_BLK_SIZE | F_RO, 17, 4096) && info.capacity == 8192 && info.sector_size == 4096 && block->read_only);
    static const uint32_t wrong[] = {0, 1, 256, 513, 3 << 10, 128 << 10, 1u << 31, UINT32_MAX};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        CHECK(begin(F_BLK_SIZE, 8, wrong[i]) == NULL);
    }
    CHECK(begin(0, UINT64_MAX, 0) == NULL && begin(0, UINT64_MAX / 512 + 1, 0) == NULL);
}

// The device's side: reads the chain, moves the data, gives it back.
static void serve(uint8_t status) {
    uint16_t id;
    struct virtq_desc header, data, last;
    CHECK(fake_pop(0, &id, &header) && header.length == 16 && header.flags == VIRTQ_DESC_NEXT);
    data = block->requests.desc[header.next];
    last = block->requests.desc[data.next];
    const struct virtio_block_request *request = (const struct virtio_block_request *)(uintptr_t)header.address;
    CHECK(data.flags & VIRTQ_DESC_NEXT && last.flags == VIRTQ_DESC_WRITE && last.length == 1);
    CHECK((request->type == 0) == ((data.flags & VIRTQ_DESC_WRITE) != 0));
    CHECK(request->sector * 512 + data.length <= sizeof(disk));
    uint8_t *there = disk + request->sector * 512, *here = (uint8_t *)(uintptr_t)data.address;
    memcpy(request->type == 0 ? here : there, request->type == 0 ? there : here, data.length);
    *(uint8_t *)(uintptr_t)last.address = status;
    fake_push(0, id, request->type == 0 ? data.length + 1 : 1);
}

static bool transfer(bool write, uint64_t offset, void *buffer, uint32_t length, uint8_t status) {
    bool good;
    virtio_block_start(block, write, offset, buffer, length);
    CHECK(!virtio_block_done(block, &good));
    serve(status);
    CHECK(virtio_block_done(block, &good));
    return good;
}

static void test_what_is_written_is_read(void) {
    uint8_t *text = malloc(1024), *again = malloc(1024);
    begin(0, 8, 0);
    for (unsigned turn = 0; turn < 1000; turn++) {
        uint64_t offset = 512 * random_below(7);
        random_fill(text, 1024);
        CHECK(transfer(true, offset, text, 1024, 0) && memcmp(disk + offset, text, 1024) == 0);
        CHECK(transfer(false, offset, again, 1024, 0) && memcmp(again, text, 1024) == 0);
    }
    CHECK(!transfer(false, 0, again, 512, 1) && !transfer(false, 0, again, 512, 2)); // IOERR, UNSUPP
    CHECK(transfer(false, 0, again, 512, 0));                                        // an error is of one request
    free(text);
    free(again);
}

static void test_devices_that_break_the_rules(void) {
    static uint8_t buffer[512];
    bool good = true;
    begin(0, 8, 0);
    virtio_block_start(block, false, 0, buffer, sizeof(buffer));
    fake_push(0, 1, 513); // the middle of the chain
    CHECK(virtio_block_done(block, &good) && !good && block->requests.broken);

    begin(0, 8, 0);
    virtio_block_start(block, false, 0, buffer, sizeof(buffer));
    fake_push(0, 0, 513); // done, says the ring, but no status was written
    CHECK(virtio_block_done(block, &good) && !good);

    begin(0, 8, 0);
    virtio_block_start(block, false, 0, buffer, sizeof(buffer));
    virtio_block_give_up(block);
    CHECK(virtio_block_done(block, &good) && !good);
}

int main(void) {
    test_geometry();
    test_what_is_written_is_read();
    test_devices_that_break_the_rules();
    free(block);
    return 0;
}
