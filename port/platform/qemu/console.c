// console.c - the console of platform.h: virtio's if there is a working one, else the first serial port.

#include "devices.h"
#include "drivers.h"
#include "serial.h"
#include "virtio/console.h"
#include "arch/x86_64/cpu.h"

// A device without a port never responds.
#define OPEN_NS UINT64_C(100000000)

static struct virtio_console console;
static bool found;

// The serial port does not interrupt; it is polled this often while it is full.
#define SERIAL_LOOK_NS UINT64_C(5000000)

static bool refused; // output was refused, and console_has_work() has not reported room since

// The receive queue's index up to which console_has_work() has reported input: a program that never reads its
// input is woken once for each piece, not kept awake by it.
static uint16_t reported_index;

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

void console_found(struct boot *boot, struct virtio_transport *transport) {
    void *memory = found ? NULL : devices_memory(boot, virtio_console_memory());
    if (memory != NULL && virtio_console_init(&console, transport, memory)) {
        devices_listen(&console.device);
        found = open_port();
    }
}

static bool has_room(void) {
    return virtqueue_pending(transmit_queue()) > 0 || transmit_queue()->broken;
}

size_t platform_console_offer(const char *text, size_t length) {
    size_t taken = 0;
    if (found) {
        taken = virtio_console_write(&console, text, length);
        found = !transmit_queue()->broken; // a broken queue is abandoned
    }
    if (!found) {
        taken += serial_write(text + taken, length - taken);
    }
    refused = taken < length;
    return taken;
}

static uint64_t write_deadline(void) {
    uint64_t timeout = runtime_console_timeout();
    return timeout == PLATFORM_FOREVER ? PLATFORM_FOREVER : platform_clock_monotonic() + timeout;
}

// Waits until the console has accepted something. With the serial port clock and interrupts may not work yet.
// false: the deadline passed.
static bool wait_for_room(uint64_t deadline) {
    if (!found) {
        x86_pause();
        return deadline == PLATFORM_FOREVER || platform_clock_monotonic() < deadline;
    }
    virtqueue_interrupt_on(transmit_queue(), 0);
    return has_room() || devices_sleep(deadline);
}

void platform_console_write(const char *text, size_t length) {
    uint64_t deadline = write_deadline();
    for (;;) {
        size_t taken = platform_console_offer(text, length);
        text += taken;
        length -= taken;
        deadline = taken > 0 ? write_deadline() : deadline;
        if (length == 0 || !wait_for_room(deadline)) {
            return;
        }
    }
}

const bool platform_console_has_input = true;

size_t platform_console_read(char *buffer, size_t size) {
    return found ? virtio_console_read(&console, buffer, size) : serial_read(buffer, size);
}

void console_look(uint64_t *deadline) {
    uint64_t look = refused && !found ? platform_clock_monotonic() + SERIAL_LOOK_NS : PLATFORM_FOREVER;
    *deadline = look < *deadline ? look : *deadline;
}

bool console_has_work(void) {
    if (!found) {
        return false;
    }
    if (refused && has_room()) {
        refused = false;
        return true;
    }
    uint16_t arrived = (uint16_t)(receive_queue()->used_index + virtqueue_pending(receive_queue()));
    bool news = arrived != reported_index;
    reported_index = arrived;
    return news;
}

void console_arm(void) {
    if (found) {
        virtqueue_interrupt_on(receive_queue(), virtqueue_pending(receive_queue()));
    }
    if (found && refused) {
        virtqueue_interrupt_on(transmit_queue(), 0);
    }
}

void console_drain(void) {
    uint64_t deadline = write_deadline();
    while (found && !virtio_console_drained(&console)) {
        uint16_t out = (uint16_t)(transmit_queue()->avail_index - transmit_queue()->used_index);
        virtqueue_interrupt_on(transmit_queue(), (uint16_t)(out - 1));
        if (!virtio_console_drained(&console) && !devices_sleep(deadline)) {
            return;
        }
    }
}
