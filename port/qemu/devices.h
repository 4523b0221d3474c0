// devices.h - the virtio devices of this machine: found, given memory and an interrupt each, slept upon.

#ifndef PYMNET_QEMU_DEVICES_H
#define PYMNET_QEMU_DEVICES_H

#include "platform.h"
#include "virtio/virtio.h"

// Finds what is there, takes memory for it from the free RAM, and sets the console and the entropy device up. Network
// devices wait for platform_net_open().
void devices_init(struct boot *boot);

// Memory for a device, whole pages, zeroed or not. For use inside devices_init(), which has the RAM.
void *devices_memory(struct boot *boot, size_t size);

// Has interrupts of the device in that slot end a devices_sleep(), and acknowledges them.
void devices_listen(unsigned slot, struct virtio_device *device);

// Sleeps until a device interrupts or the deadline has passed. Who wants an interrupt has asked for it before and then
// looked once more. false: the deadline passed.
bool devices_sleep(uint64_t deadline);

// The parts, called by devices_init() for each device found; and their share of platform_poll(): has_work looks, arm asks
// for an interrupt when there will be some, drained is for the end.
void console_found(struct boot *boot, unsigned slot, uintptr_t address);
bool console_has_work(void);
void console_look(uint64_t *deadline); // brings it forward to when the console has to be looked at
void console_arm(void);
void console_drain(void);

void entropy_found(struct boot *boot, unsigned slot, uintptr_t address);

void nets_found(struct boot *boot, unsigned slot, uintptr_t address);
void nets_name(const struct manifest *manifest);
bool nets_have_work(void);

// Whether a link has changed. Where it is too early to look, the deadline is brought forward to when it is not.
bool nets_look(uint64_t *deadline);
void nets_arm(void);
bool nets_drained(void);

void blocks_found(struct boot *boot, unsigned slot, uintptr_t address);
void blocks_name(const struct manifest *manifest);

#endif // PYMNET_QEMU_DEVICES_H
