// console.h - virtio console: one port of it, with or without others. Spec: Virtio 1.2, section 5.3.
//
// With VIRTIO_CONSOLE_F_MULTIPORT the device has to be asked which ports there are. It is worth it for QEMU: its only kind
// of port that waits for a slow reader, instead of dropping what does not fit into the pipe, is a `virtserialport`, and
// those need it.

#ifndef PYMNET_VIRTIO_CONSOLE_H
#define PYMNET_VIRTIO_CONSOLE_H

#include <stddef.h>

#include "virtio.h"

#define VIRTIO_CONSOLE_BUFFERS 8 // of every queue
#define VIRTIO_CONSOLE_BUFFER_SIZE 1024
#define VIRTIO_CONSOLE_CONTROL_SIZE 64
#define VIRTIO_CONSOLE_PORTS 2 // those looked at; the first that exists is taken

struct virtio_console {
    struct virtio_device device;
    struct virtqueue receive[VIRTIO_CONSOLE_PORTS], transmit[VIRTIO_CONSOLE_PORTS];
    struct virtqueue control_receive, control_transmit;
    int port; // -1: not known yet

    char (*receive_buffers)[VIRTIO_CONSOLE_BUFFER_SIZE];
    char (*transmit_buffers)[VIRTIO_CONSOLE_BUFFER_SIZE];
    char (*control_receive_buffers)[VIRTIO_CONSOLE_CONTROL_SIZE];
    char (*control_transmit_buffers)[VIRTIO_CONSOLE_CONTROL_SIZE];

    uint16_t current; // the receive buffer being read, and what of it is left
    uint32_t current_start, current_end;
};

// Memory that the device and its queues need, page-aligned.
size_t virtio_console_memory(void);

// Sets up the device behind `transport`. false: it does not work.
bool virtio_console_init(struct virtio_console *console, struct virtio_transport *transport, void *memory);

// Whether a port is known and open, having looked at what the device said meanwhile; until then nothing may be read or
// written. Arm `control_receive` and call it again when it interrupts.
bool virtio_console_open(struct virtio_console *console);

// Sends as much as there is room for, and returns how much that was.
size_t virtio_console_write(struct virtio_console *console, const char *text, size_t length);

// What was typed, at most `size` bytes; 0: nothing waits.
size_t virtio_console_read(struct virtio_console *console, char *buffer, size_t size);

// Everything written has been taken by the device, or never will be.
bool virtio_console_drained(struct virtio_console *console);

#endif // PYMNET_VIRTIO_CONSOLE_H
