// devices.h - the devices of this machine.

#ifndef PYMNET_HVT_DEVICES_H
#define PYMNET_HVT_DEVICES_H

#include "platform.h"

// Allocates memory for buffers; `ring` is the address of the net ring, 0 if the tender has none.
void nets_init(struct boot *boot, uint64_t ring);

// Features of the tender beyond Solo5's.
void console_init_features(uint32_t features);

void blocks_init(const struct boot *boot);

// Lets queued frames leave, for a second at most.
void nets_drain(void);

#endif // PYMNET_HVT_DEVICES_H
