// probe.h - the devices of this machine.

#ifndef PYMNET_QEMU_PROBE_H
#define PYMNET_QEMU_PROBE_H

#include "platform.h"

// Finds the devices, gives each to its driver with memory of the free RAM, and sets the console and the entropy device up.
void probe_devices(struct boot *boot);

#endif // PYMNET_QEMU_PROBE_H
