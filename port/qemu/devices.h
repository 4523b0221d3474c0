// devices.h - the virtio devices of this machine: found, set up, waited for.

#ifndef PYMNET_QEMU_DEVICES_H
#define PYMNET_QEMU_DEVICES_H

#include "platform.h"

// Finds what is there and takes buffers for it from the free RAM.
void devices_init(struct boot *boot);

// Waits until what was written and sent has left, a second at most.
void devices_drain(void);

// The same for the console alone.
void console_drain(void);

#endif // PYMNET_QEMU_DEVICES_H
