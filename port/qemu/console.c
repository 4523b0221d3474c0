// console.c - the console of platform.h: virtio's if there is one that works, else the first serial port. Output waits
// for the host for as long as it takes: a reader may stop reading.

#include "devices.h"
#include "serial.h"
#include "virtio/console.h"

// A device without a port answers never.
#define OPEN_NS UINT64_C(100000000)

static struct virtio_console console;
static bool found;

// Up to which of the receive queue's indices console_has_work() has told of input: a program that never reads its input
// is told of each piece once, not kept awake by it.
static uint16_t told;

static struct virtqueue *receive_queue(void) {
    return &console.receive[console.port];
}

static struct virtqueue *transmit_queue(void) {
    return &console.transmit[console.port];
}

static bool open_port(void) {
    uint64_t deadline = platform_clock_monotonic() + OPEN_NS;
    while (!virtio_console_open(&console)) {
        virtqueue_interrupt_on(&console.control_receive, 0);
        if (virtqueue_pending(&console.control_receive) == 0 && !devices_sleep(deadline)) {
            return false;
        }
    }
    return true;
}

void console_found(struct boot *boot, unsigned slot, uintptr_t address) {
    void *memory = found ? NULL : devices_memory(boot, virtio_console_memory());
    if (memory != NULL && virtio_console_init(&console, address, memory)) {
        devices_listen(slot, &console.device);
        found = open_port();
    }
}

// Sleeps until the device has taken something. One that breaks the rules is given up.
static void wait_for_room(void) {
    virtqueue_interrupt_on(transmit_queue(), 0);
    if (virtqueue_pending(transmit_queue()) == 0 && !transmit_queue()->broken) {
        devices_sleep(PLATFORM_FOREVER);
    }
    found = !transmit_queue()->broken;
}

void platform_console_write(const char *text, size_t length) {
    while (found && length > 0) {
        size_t written = virtio_console_write(&console, text, length);
        text += written;
        length -= written;
        if (length > 0) {
            wait_for_room();
        }
    }
    serial_write(text, length);
}

size_t platform_console_read(char *buffer, size_t size) {
    return found ? virtio_console_read(&console, buffer, size) : serial_read(buffer, size);
}

bool console_has_work(void) {
    if (!found) {
        return false;
    }
    uint16_t arrived = (uint16_t)(receive_queue()->used_index + virtqueue_pending(receive_queue()));
    bool news = arrived != told;
    told = arrived;
    return news;
}

void console_arm(void) {
    if (found) {
        virtqueue_interrupt_on(receive_queue(), virtqueue_pending(receive_queue()));
    }
}

void console_drain(void) {
    while (found && !virtio_console_drained(&console)) {
        uint16_t out = (uint16_t)(transmit_queue()->avail_index - transmit_queue()->used_index);
        virtqueue_interrupt_on(transmit_queue(), (uint16_t)(out - 1));
        if (!virtio_console_drained(&console)) {
            devices_sleep(PLATFORM_FOREVER);
        }
    }
}
