// console_private.h - shared by console.c and console_ports.c.

#ifndef PYMNET_VIRTIO_CONSOLE_PRIVATE_H
#define PYMNET_VIRTIO_CONSOLE_PRIVATE_H

#include "console.h"

#define CONSOLE_F_MULTIPORT (UINT64_C(1) << 1)

static inline bool has_ports(const struct virtio_console *console) {
    return console->device.features & CONSOLE_F_MULTIPORT;
}

// Queries the ports if the device has several; otherwise port 0 is used.
void virtio_console_ask_ports(struct virtio_console *console);

#endif // PYMNET_VIRTIO_CONSOLE_PRIVATE_H
