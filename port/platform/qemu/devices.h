// devices.h - what the drivers of this machine need for a virtio device: memory, an interrupt, sleep.

#ifndef PYMNET_QEMU_DEVICES_H
#define PYMNET_QEMU_DEVICES_H

#include "platform.h"
#include "virtio/virtio.h"

// Memory for a device, whole pages, zeroed or not; NULL: there is not so much left. For use while devices are probed,
// since all RAM is the runtime's after that.
void *devices_memory(struct boot *boot, size_t size);

// Has interrupts of the device end a devices_sleep(), and acknowledges them.
void devices_listen(struct virtio_device *device);

// Sleeps until a device interrupts or the deadline has passed. A caller that wants an interrupt has enabled it before,
// and has looked at its queue once more after that. false: the deadline passed.
bool devices_sleep(uint64_t deadline);

#endif // PYMNET_QEMU_DEVICES_H
