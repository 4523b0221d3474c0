// console.h - virtio console: one port, of one or several. Spec: Virtio 1.2, section 5.3.
//
// With VIRTIO_CONSOLE_F_MULTIPORT the driver must query the ports. QEMU needs it: its only kind of port that
// waits for a slow reader, instead of dropping what does not fit into the pipe, is a `virtserialport`.

#ifndef PYMNET_VIRTIO_CONSOLE_H
#define PYMNET_VIRTIO_CONSOLE_H

#include <stddef.h>

#include "virtio.h"

#define VIRTIO_CONSOLE_BUFFERS 8 // of every queue
#define VIRTIO_CONSOLE_BUFFER_SIZE 1024
#define VIRTIO_CONSOLE_CONTROL_SIZE 64
#define VIRTIO_CONSOLE_PORTS 2 // ports considered; the first that exists is used

struct virtio_console {
    struct virtio_device device;
    struct virtqueue receive[VIRTIO_CONSOLE_PORTS], transmit[VIRTIO_CONSOLE_PORTS];
    struct virtqueue control_receive, control_transmit;
    int port; // -1: unknown

    char (*receive_buffers)[VIRTIO_CONSOLE_BUFFER_SIZE];
    char (*transmit_buffers)[VIRTIO_CONSOLE_BUFFER_SIZE];
    char (*control_receive_buffers)[VIRTIO_CONSOLE_CONTROL_SIZE];
    char (*control_transmit_buffers)[VIRTIO_CONSOLE_CONTROL_SIZE];

    uint16_t current; // the receive buffer being read, and the rest of it
    uint32_t current_start, current_end;
};

// Memory that the device and its queues need, page-aligned.
size_t virtio_console_memory(void);

// Sets up the device behind `transport`. false: it does not work.
bool virtio_console_init(struct virtio_console *console, struct virtio_transport *transport, void *memory);

// Processes control messages. Returns whether a port is known and open; until then no data may be read or
// written. Arm `control_receive` and call it again after its interrupt.
bool virtio_console_open(struct virtio_console *console);

// Sends as much as there is room for, and returns how much.
size_t virtio_console_write(struct virtio_console *console, const char *text, size_t length);

// Reads at most `size` bytes of input; 0: there is none.
size_t virtio_console_read(struct virtio_console *console, char *buffer, size_t size);

// Whether the device has processed all output, or never will.
bool virtio_console_drained(struct virtio_console *console);

#endif // PYMNET_VIRTIO_CONSOLE_H
