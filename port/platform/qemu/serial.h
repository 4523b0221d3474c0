// serial.h - COM1: the console of machines without virtio, and early in the start of all.

#ifndef PYMNET_QEMU_SERIAL_H
#define PYMNET_QEMU_SERIAL_H

#include <stddef.h>

void serial_init(void);

// Writes what the port accepts now, and returns how much; everything if there is no port.
size_t serial_write(const char *text, size_t length);

size_t serial_read(char *buffer, size_t size);

#endif // PYMNET_QEMU_SERIAL_H
