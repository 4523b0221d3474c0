// entropy.c - the entropy of platform.h: the virtio device XOR the processor's generator, or the one that
// exists.

#include <string.h>

#include "devices.h"
#include "drivers.h"
#include "virtio/entropy.h"
#include "arch/x86_64/random.h"

// The host responds in microseconds, unless its own pool is empty.
#define ANSWER_NS UINT64_C(100000000)

static struct virtio_entropy entropy;
static bool found;

void entropy_found(struct boot *boot, struct virtio_transport *transport) {
    void *memory = found ? NULL : devices_memory(boot, virtio_entropy_memory());
    if (memory != NULL && virtio_entropy_init(&entropy, transport, memory)) {
        devices_listen(&entropy.device);
        found = true;
        virtio_entropy_request(&entropy); // completes during the rest of the start
    }
}

static size_t ask_device(void *buffer, size_t size) {
    if (!found) {
        return 0;
    }
    virtio_entropy_request(&entropy);
    uint64_t deadline = platform_clock_monotonic() + ANSWER_NS;
    size_t got;
    while ((got = virtio_entropy_answer(&entropy, buffer, size)) == 0) {
        virtqueue_interrupt_on(&entropy.requests, 0);
        if (virtqueue_pending(&entropy.requests) == 0 && !devices_sleep(deadline)) {
            return 0;
        }
        if (entropy.requests.broken) {
            return 0;
        }
    }
    return got;
}

size_t platform_entropy(void *buffer, size_t size) {
    uint8_t other[VIRTIO_ENTROPY_SIZE];
    size = size < sizeof(other) ? size : sizeof(other);
    size_t from_device = ask_device(buffer, size);
    size_t wanted = from_device > 0 ? from_device : size;
    size_t from_cpu = x86_random(other, wanted);
    uint8_t *bytes = buffer;
    for (size_t i = 0; i < from_cpu; i++) {
        bytes[i] = (uint8_t)(i < from_device ? bytes[i] ^ other[i] : other[i]);
    }
    return wanted == from_device ? from_device : from_cpu;
}

size_t platform_entropy_now(void *buffer, size_t size) {
    return x86_random_now(buffer, size);
}
