// drivers.h - the drivers of this machine, as probe.c, poll.c and exit.c see them. For each: X_found() takes a device that
// the probe found; has_work looks; arm asks for an interrupt when there will be work; drained and drain are for the end.

#ifndef PYMNET_QEMU_DRIVERS_H
#define PYMNET_QEMU_DRIVERS_H

#include "platform.h"
#include "virtio/transport.h"

void console_found(struct boot *boot, struct virtio_transport *transport);
bool console_has_work(void);
void console_look(uint64_t *deadline); // moves the deadline to when the console must be polled
void console_arm(void);
void console_drain(void);

void entropy_found(struct boot *boot, struct virtio_transport *transport);

// Network and block devices wait for platform_net_open() and platform_block_open(). X_name() gives them the handles of
// the manifest, after all were found.
void nets_found(struct boot *boot, struct virtio_transport *transport);
void nets_name(const struct manifest *manifest);
bool nets_have_work(void);

// Whether a link has changed. Where the check is too early, the deadline is moved to when it is not.
bool nets_look(uint64_t *deadline);
void nets_arm(void);
bool nets_drained(void);

void blocks_found(struct boot *boot, struct virtio_transport *transport);
void blocks_name(const struct manifest *manifest);

#endif // PYMNET_QEMU_DRIVERS_H
