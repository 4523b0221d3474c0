// console_ports.c - finding a port of a console with several. Spec: Virtio 1.2, 5.3.6.2.
//
// The control queues are used at the start only: later changes of ports are ignored.

#include <string.h>

#include "console_private.h"

struct control {
    uint32_t port;
    uint16_t event, value;
};

#define EVENT_DEVICE_READY 0
#define EVENT_DEVICE_ADD 1
#define EVENT_PORT_READY 3
#define EVENT_PORT_OPEN 6

// Three are sent in all, so that no buffer is used twice.
static void send(struct virtio_console *console, uint32_t port, uint16_t event) {
    const struct control message = {.port = port, .event = event, .value = 1};
    struct virtqueue *queue = &console->control_transmit;
    uint16_t id = queue->avail_index & (VIRTIO_CONSOLE_BUFFERS - 1);
    memcpy(console->control_transmit_buffers[id], &message, sizeof(message));
    virtqueue_set(queue, id, console->control_transmit_buffers[id], sizeof(message), 0);
    virtqueue_offer(queue, id);
    virtio_kick(&console->device, queue);
}

// Reads and writes go to this port from now on.
static void use_port(struct virtio_console *console, int port) {
    console->port = port;
    struct virtqueue *receive = &console->receive[port];
    for (uint16_t i = 0; i < VIRTIO_CONSOLE_BUFFERS; i++) {
        virtqueue_set(receive, i, console->receive_buffers[i], VIRTIO_CONSOLE_BUFFER_SIZE, VIRTQ_DESC_WRITE);
        virtqueue_offer(receive, i);
    }
    virtio_kick(&console->device, receive);
}

void virtio_console_ask_ports(struct virtio_console *console) {
    if (!has_ports(console)) {
        use_port(console, 0);
        return;
    }
    struct virtqueue *queue = &console->control_receive;
    for (uint16_t i = 0; i < VIRTIO_CONSOLE_BUFFERS; i++) {
        virtqueue_set(queue, i, console->control_receive_buffers[i], VIRTIO_CONSOLE_CONTROL_SIZE, VIRTQ_DESC_WRITE);
        virtqueue_offer(queue, i);
    }
    virtio_kick(&console->device, queue);
    send(console, 0, EVENT_DEVICE_READY);
}

static void handle(struct virtio_console *console, const struct control *message) {
    if (message->event == EVENT_DEVICE_ADD && message->port < VIRTIO_CONSOLE_PORTS && console->port < 0) {
        send(console, message->port, EVENT_PORT_READY);
        send(console, message->port, EVENT_PORT_OPEN);
        use_port(console, (int)message->port);
    }
}

bool virtio_console_open(struct virtio_console *console) {
    uint16_t id;
    uint32_t length;
    while (console->port < 0 && virtqueue_take(&console->control_receive, &id, &length)) {
        struct control message;
        if (length >= sizeof(message)) {
            memcpy(&message, console->control_receive_buffers[id], sizeof(message));
            handle(console, &message);
        }
        virtqueue_offer(&console->control_receive, id);
        virtio_kick(&console->device, &console->control_receive);
    }
    return console->port >= 0;
}
