// net.h - the network devices as the rest of the glue sees them.

#ifndef PYMNET_UNIKRAFT_NET_H
#define PYMNET_UNIKRAFT_NET_H

#include "arguments.h"
#include "platform.h"

// Starts Unikraft's network devices, in their order, for those of the manifest, in its order; what the launcher says of
// the first one's address is in *address. The rings are of Unikraft's allocator, the buffers are not. false: the manifest
// has more than CONFIG_APPPYMNET_NETS (Config.uk).
bool nets_init(const struct manifest *manifest, struct arguments_address *address);

// Has every device interrupt when a frame comes. false: one waits already.
bool nets_listen(void);

// And no longer.
void nets_ignore(void);

// Whether there is something that no interrupt will tell of: a device had no room for a frame since the last call, or
// one cannot interrupt.
bool nets_unheard(void);

// Whether frames were written that may not have left yet.
bool nets_sending(void);

#endif // PYMNET_UNIKRAFT_NET_H
