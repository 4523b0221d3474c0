// test_entropy.c - port/virtio/entropy.c: what the device wrote, no more, and each byte once.

#include <string.h>

#include "check.h"
#include "fake_device.h"
#include "virtio/entropy.h"

static struct virtio_entropy entropy;
static uint8_t source[VIRTIO_ENTROPY_SIZE];

static void begin(void) {
    static void *memory;
    free(memory);
    memory = aligned_alloc(4096, virtio_entropy_memory());
    memset(&entropy, 0, sizeof(entropy));
    memset(memory, 0xee, virtio_entropy_memory());
    fake_begin(VIRTIO_F_EVENT_IDX);
    CHECK(virtio_entropy_init(&entropy, &fake_transport, memory));
    random_fill(source, sizeof(source));
}

static size_t answer(uint8_t *bytes, size_t size) {
    return virtio_entropy_answer(&entropy, bytes, size);
}

int main(void) {
    uint8_t bytes[VIRTIO_ENTROPY_SIZE];
    begin();
    CHECK(answer(bytes, sizeof(bytes)) == 0);
    for (size_t length = 0; length <= sizeof(source); length++) {
        virtio_entropy_request(&entropy);
        virtio_entropy_request(&entropy); // one at a time
        CHECK(answer(bytes, sizeof(bytes)) == 0);
        CHECK(fake_deliver(0, source, length));
        size_t size = random_below(sizeof(bytes) + 1), part = length < size ? length : size;
        CHECK(answer(bytes, size) == part && memcmp(bytes, source, part) == 0);
        CHECK(answer(bytes, size) == 0);
        for (size_t i = 0; i < sizeof(source); i++) {
            CHECK(entropy.buffer[i] == 0 || length == 0); // forgotten
        }
    }
    begin();
    virtio_entropy_request(&entropy);
    fake_push(0, 0, VIRTIO_ENTROPY_SIZE + 1);
    CHECK(answer(bytes, sizeof(bytes)) == 0 && entropy.requests.broken);
    begin();
    free(entropy.buffer - 4096);
    return 0;
}
