// probe.h - the devices of this machine.

#ifndef PYMNET_QEMU_PROBE_H
#define PYMNET_QEMU_PROBE_H

#include "platform.h"

// Finds the devices and initialises their drivers, with memory from the free RAM.
void probe_devices(struct boot *boot);

#endif // PYMNET_QEMU_PROBE_H
