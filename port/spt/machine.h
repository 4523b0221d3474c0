// machine.h - what the start tells the rest.

#ifndef PYMNET_SPT_MACHINE_H
#define PYMNET_SPT_MACHINE_H

#include "platform.h"

// The descriptors to wait with, and the devices.
void machine_init(int epoll, int timer, const struct manifest *manifest);

#endif // PYMNET_SPT_MACHINE_H
