// console.c - see console.h: queues and data; console_ports.c finds the port.

#include <string.h>

#include "console_private.h"

// Queues (5.3.2).
#define QUEUE_CONTROL_RECEIVE 2
#define QUEUE_CONTROL_TRANSMIT 3
#define QUEUE_RECEIVE(port) ((uint16_t)((port) == 0 ? 0 : 2 * (port) + 2))
#define QUEUE_TRANSMIT(port) ((uint16_t)(QUEUE_RECEIVE(port) + 1))

#define PAGE ((size_t)4096)
#define RING_SIZE ((size_t)512) // of one queue: 8 entries are about 230 bytes
#define RINGS_SIZE PAGE
#define DATA_SIZE ((size_t)VIRTIO_CONSOLE_BUFFERS * VIRTIO_CONSOLE_BUFFER_SIZE)
#define CONTROL_SIZE ((size_t)VIRTIO_CONSOLE_BUFFERS * VIRTIO_CONSOLE_CONTROL_SIZE)

_Static_assert((2 * VIRTIO_CONSOLE_PORTS + 2) * RING_SIZE <= RINGS_SIZE, "all rings lie in one page");

size_t virtio_console_memory(void) {
    return RINGS_SIZE + 2 * DATA_SIZE + PAGE;
}

static bool set_up_queues(struct virtio_console *console, char *rings) {
    struct virtio_device *device = &console->device;
    bool good = true;
    for (unsigned port = 0; port < (has_ports(console) ? VIRTIO_CONSOLE_PORTS : 1); port++) {
        good = good && virtio_queue(device, &console->receive[port], QUEUE_RECEIVE(port), VIRTIO_CONSOLE_BUFFERS, rings)
            && virtio_queue(
                device, &console->transmit[port], QUEUE_TRANSMIT(port), VIRTIO_CONSOLE_BUFFERS, rings + RING_SIZE);
        rings += 2 * RING_SIZE;
    }
    return good
        && (!has_ports(console)
            || (virtio_queue(device, &console->control_receive, QUEUE_CONTROL_RECEIVE, VIRTIO_CONSOLE_BUFFERS, rings)
                && virtio_queue(device, &console->control_transmit, QUEUE_CONTROL_TRANSMIT, VIRTIO_CONSOLE_BUFFERS,
                    rings + RING_SIZE)));
}

static void set_up_buffers(struct virtio_console *console, char *buffers) {
    console->receive_buffers = (char (*)[VIRTIO_CONSOLE_BUFFER_SIZE])buffers;
    console->transmit_buffers = (char (*)[VIRTIO_CONSOLE_BUFFER_SIZE])(buffers + DATA_SIZE);
    console->control_receive_buffers = (char (*)[VIRTIO_CONSOLE_CONTROL_SIZE])(buffers + 2 * DATA_SIZE);
    console->control_transmit_buffers = (char (*)[VIRTIO_CONSOLE_CONTROL_SIZE])(buffers + 2 * DATA_SIZE + CONTROL_SIZE);
}

bool virtio_console_init(struct virtio_console *console, struct virtio_transport *transport, void *memory) {
    *console = (struct virtio_console) {.port = -1};
    uint64_t features = virtio_reset(&console->device, transport) & (VIRTIO_F_EVENT_IDX | CONSOLE_F_MULTIPORT);
    if (!virtio_accept(&console->device, features) || !set_up_queues(console, memory)) {
        return false;
    }
    set_up_buffers(console, (char *)memory + RINGS_SIZE);
    virtio_ready(&console->device);
    virtio_console_ask_ports(console);
    return true;
}

// Finds a transmit buffer that the device has released, or returns false.
static bool free_buffer(struct virtqueue *transmit, uint16_t *id) {
    uint16_t done;
    uint32_t written;
    while (virtqueue_take(transmit, &done, &written)) {
    }
    for (uint16_t i = 0; i < VIRTIO_CONSOLE_BUFFERS && !transmit->broken; i++) {
        if (!transmit->in_device[i]) {
            *id = i;
            return true;
        }
    }
    return false;
}

size_t virtio_console_write(struct virtio_console *console, const char *text, size_t length) {
    struct virtqueue *transmit = &console->transmit[console->port];
    size_t done = 0;
    uint16_t id;
    while (done < length && free_buffer(transmit, &id)) {
        size_t part = length - done < VIRTIO_CONSOLE_BUFFER_SIZE ? length - done : VIRTIO_CONSOLE_BUFFER_SIZE;
        memcpy(console->transmit_buffers[id], text + done, part);
        virtqueue_set(transmit, id, console->transmit_buffers[id], (uint32_t)part, 0);
        virtqueue_offer(transmit, id);
        done += part;
    }
    virtio_kick(&console->device, transmit);
    return done;
}

// Makes the next buffer with input the current one.
static bool next_input(struct virtio_console *console, struct virtqueue *receive) {
    uint32_t length;
    while (virtqueue_take(receive, &console->current, &length)) {
        if (length > 0 && length <= VIRTIO_CONSOLE_BUFFER_SIZE) {
            console->current_start = 0;
            console->current_end = length;
            return true;
        }
        virtqueue_offer(receive, console->current);
    }
    return false;
}

size_t virtio_console_read(struct virtio_console *console, char *buffer, size_t size) {
    struct virtqueue *receive = &console->receive[console->port];
    size_t done = 0;
    while (done < size && (console->current_start < console->current_end || next_input(console, receive))) {
        size_t part = console->current_end - console->current_start;
        part = part < size - done ? part : size - done;
        memcpy(buffer + done, console->receive_buffers[console->current] + console->current_start, part);
        done += part;
        console->current_start += (uint32_t)part;
        if (console->current_start == console->current_end) {
            virtqueue_offer(receive, console->current);
        }
    }
    virtio_kick(&console->device, receive);
    return done;
}

bool virtio_console_drained(struct virtio_console *console) {
    return virtqueue_idle(&console->transmit[console->port]);
}
