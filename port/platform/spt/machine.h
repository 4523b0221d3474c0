// machine.h - functions shared by the files of this platform.

#ifndef PYMNET_SPT_MACHINE_H
#define PYMNET_SPT_MACHINE_H

#include "platform.h"

// Sets the descriptors to wait with.
void machine_init(int epoll, int timer);

void nets_init(const struct manifest *manifest);
void blocks_init(const struct manifest *manifest);

// Whether the host had no room for a frame since the last call.
bool nets_refused(void);

#endif // PYMNET_SPT_MACHINE_H
