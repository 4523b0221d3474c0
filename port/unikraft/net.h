// net.h - the network devices as the rest of the glue sees them.

#ifndef PYMNET_UNIKRAFT_NET_H
#define PYMNET_UNIKRAFT_NET_H

#include "arguments.h"
#include "platform.h"

// Starts Unikraft's network devices, in their order, for those of the manifest, in its order. Takes memory of Unikraft's
// allocator. What the launcher says of the first one's address comes back.
struct arguments_address nets_init(const struct manifest *manifest);

// Has every device interrupt when a frame comes. false: one waits already.
bool nets_listen(void);

// And no longer.
void nets_ignore(void);

// Whether a device had no room for a frame since the last call.
bool nets_refused(void);

#endif // PYMNET_UNIKRAFT_NET_H
