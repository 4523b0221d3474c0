// net.h - interface of the network devices within this platform.

#ifndef PYMNET_UNIKRAFT_NET_H
#define PYMNET_UNIKRAFT_NET_H

#include "arguments.h"
#include "platform.h"

// Starts Unikraft's network devices, in their order, for those of the manifest; the launcher's address of the
// first one goes to *address. The rings are from Unikraft's allocator, the buffers are not. false: the
// manifest has more than CONFIG_APPPYMNET_NETS (Config.uk).
bool nets_init(const struct manifest *manifest, struct arguments_address *address);

// Enables the receive interrupt of every device. false: a frame is waiting already.
bool nets_listen(void);

// Disables the interrupts.
void nets_ignore(void);

// Whether polling is needed: a device refused a frame since the last call, or cannot interrupt.
bool nets_unheard(void);

// Whether written frames may not have left yet.
bool nets_sending(void);

#endif // PYMNET_UNIKRAFT_NET_H
