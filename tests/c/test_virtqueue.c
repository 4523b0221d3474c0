// test_virtqueue.c - port/virtio/virtqueue.c against a device that keeps the rules, and against one that does not.

#include <string.h>

#include "check.h"
#include "fake_device.h"

#define SIZE 8

static struct virtqueue queue;
static void *memory;
static char buffers[SIZE][64];

static void begin(bool event_idx) {
    free(memory);
    memory = aligned_alloc(4096, 4096);
    struct virtio_device device;
    fake_begin(VIRTIO_F_EVENT_IDX);
    virtio_reset(&device, &fake_transport);
    CHECK(virtio_accept(&device, event_idx ? VIRTIO_F_EVENT_IDX : 0));
    CHECK(virtio_queue(&device, &queue, 0, SIZE, memory));
    for (uint16_t i = 0; i < SIZE; i++) {
        virtqueue_set(&queue, i, buffers[i], sizeof(buffers[i]), VIRTQ_DESC_WRITE);
    }
}

static bool take(uint16_t *id, uint32_t *length) {
    return virtqueue_take(&queue, id, length);
}

// Long enough for every index to wrap, in a random order, with as many out as may be.
static void test_descriptors_come_back(bool event_idx) {
    begin(event_idx);
    uint16_t out[SIZE], id;
    uint32_t length;
    struct virtq_desc desc;
    size_t out_count = 0, taken = 0;
    CHECK(virtqueue_idle(&queue) && !take(&id, &length));
    for (unsigned turn = 0; turn < 200000; turn++) {
        for (uint16_t i = 0; i < SIZE; i++) {
            if (!queue.in_device[i]) {
                virtqueue_offer(&queue, i);
            }
        }
        CHECK(!virtqueue_idle(&queue));
        while (fake_pop(0, &out[out_count], &desc)) {
            CHECK(desc.address == (uintptr_t)buffers[out[out_count]] && desc.length == sizeof(buffers[0]));
            out_count++;
        }
        CHECK(out_count + virtqueue_pending(&queue) == SIZE);
        for (size_t give = random_below(out_count + 1); give > 0; give--) {
            size_t which = random_below(out_count);
            fake_push(0, out[which], out[which]);
            out[which] = out[--out_count];
        }
        while (take(&id, &length)) {
            CHECK(id < SIZE && length == id && !queue.in_device[id]);
            taken++;
        }
    }
    CHECK(taken > 3 * 65536 && !queue.broken);
}

static void offer_all(void) {
    for (uint16_t i = 0; i < SIZE; i++) {
        virtqueue_offer(&queue, i);
    }
}

// After any of these the queue stays empty and full permanently: no index leads out of it.
static void check_broken(void) {
    uint16_t id;
    uint32_t length;
    CHECK(!take(&id, &length) && queue.broken);
    CHECK(virtqueue_pending(&queue) == 0 && virtqueue_idle(&queue) && !virtqueue_needs_kick(&queue));
    fake_push(0, 1, 1);
    CHECK(!take(&id, &length));
}

static void test_a_descriptor_that_does_not_exist(void) {
    static const uint32_t ids[] = {SIZE, VIRTQ_SIZE_MAX, 65535, 65536, UINT32_MAX};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        begin(true);
        offer_all();
        fake_push(0, ids[i], 1);
        check_broken();
    }
}

static void test_a_descriptor_given_back_twice(void) {
    begin(true);
    offer_all();
    uint16_t id;
    uint32_t length;
    fake_push(0, 3, 1);
    fake_push(0, 3, 1);
    CHECK(take(&id, &length) && id == 3);
    check_broken();
}

static void test_a_descriptor_never_given(void) {
    begin(true);
    virtqueue_offer(&queue, 0);
    fake_push(0, 5, 1);
    check_broken();
}

static void test_a_length_beyond_the_buffer(void) {
    begin(true);
    offer_all();
    fake_push(0, 2, sizeof(buffers[0]) + 1);
    check_broken();
    begin(true);
    offer_all();
    fake_push(0, 2, UINT32_MAX);
    check_broken();
}

static void test_more_given_back_than_was_given(void) {
    begin(true);
    offer_all();
    fake_skip(0, SIZE + 1);
    check_broken();
}

// The end of an image waits for its queues to drain: it must not wait for a device that lost count.
static void test_draining_ends_when_the_index_is_wrong(void) {
    begin(true);
    offer_all();
    fake_skip(0, 40000);
    CHECK(virtqueue_idle(&queue) && queue.broken);
}

static void test_kicks(void) {
    begin(false);
    CHECK(!virtqueue_needs_kick(&queue)); // nothing new
    virtqueue_offer(&queue, 0);
    CHECK(virtqueue_needs_kick(&queue) && !virtqueue_needs_kick(&queue));
    queue.used[0] = 1; // VIRTQ_USED_F_NO_NOTIFY
    virtqueue_offer(&queue, 1);
    CHECK(!virtqueue_needs_kick(&queue));

    begin(true);
    volatile uint16_t *avail_event = queue.used + 2 + SIZE * 4;
    *avail_event = 2; // 2.7.10: tell me when the third is there
    virtqueue_offer(&queue, 0);
    virtqueue_offer(&queue, 1);
    CHECK(!virtqueue_needs_kick(&queue));
    virtqueue_offer(&queue, 2);
    CHECK(virtqueue_needs_kick(&queue));
}

static void test_interrupts_asked_for(void) {
    begin(true);
    volatile uint16_t *used_event = queue.avail + 2 + SIZE;
    CHECK(*used_event == UINT16_MAX);
    virtqueue_interrupt_on(&queue, 0);
    CHECK(*used_event == 0);
    offer_all();
    fake_push(0, 0, 1);
    uint16_t id;
    uint32_t length;
    CHECK(take(&id, &length));
    virtqueue_interrupt_on(&queue, 3);
    CHECK(*used_event == 4);

    begin(false);
    CHECK(queue.avail[0] == 1); // VIRTQ_AVAIL_F_NO_INTERRUPT
    virtqueue_interrupt_on(&queue, 0);
    CHECK(queue.avail[0] == 0);
    virtqueue_interrupt_off(&queue);
    CHECK(queue.avail[0] == 1);
}

// Whatever the device writes into its ring, what comes out of it is a descriptor that it had.
static void test_arbitrary_used_rings(void) {
    for (unsigned turn = 0; turn < 20000; turn++) {
        begin(turn % 2);
        offer_all();
        random_fill((void *)(uintptr_t)(queue.used + 2), SIZE * sizeof(struct virtq_used_element));
        for (unsigned i = 0; i < SIZE && turn % 3; i++) { // ids that are often right
            ((volatile uint32_t *)(queue.used + 2))[2 * i] %= SIZE + 2;
            ((volatile uint32_t *)(queue.used + 2))[2 * i + 1] %= 80;
        }
        queue.used[1] = (uint16_t)random_below(SIZE + 2);
        uint16_t id;
        uint32_t length;
        bool seen[SIZE] = {false};
        while (take(&id, &length)) {
            CHECK(id < SIZE && length <= sizeof(buffers[0]) && !seen[id]);
            seen[id] = true;
        }
    }
}

int main(void) {
    test_descriptors_come_back(false);
    test_descriptors_come_back(true);
    test_a_descriptor_that_does_not_exist();
    test_a_descriptor_given_back_twice();
    test_a_descriptor_never_given();
    test_a_length_beyond_the_buffer();
    test_more_given_back_than_was_given();
    test_draining_ends_when_the_index_is_wrong();
    test_kicks();
    test_interrupts_asked_for();
    test_arbitrary_used_rings();
    free(memory);
    return 0;
}
