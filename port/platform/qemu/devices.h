// devices.h - services for the drivers of virtio devices: memory, interrupts, sleeping.

#ifndef PYMNET_QEMU_DEVICES_H
#define PYMNET_QEMU_DEVICES_H

#include "platform.h"
#include "virtio/virtio.h"

// Allocates whole pages for a device, zeroed or not; NULL: there is not enough. Only while devices are
// probed: all RAM is the runtime's after that.
void *devices_memory(struct boot *boot, size_t size);

// Lets interrupts of the device end devices_sleep(), and acknowledges them.
void devices_listen(struct virtio_device *device);

// Sleeps until a device interrupts or the deadline has passed. A caller must have enabled an interrupt and
// then checked its queue once more. false: the deadline passed.
bool devices_sleep(uint64_t deadline);

#endif // PYMNET_QEMU_DEVICES_H
