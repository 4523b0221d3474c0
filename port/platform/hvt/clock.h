// clock.h - chooses the clock of this machine.

#ifndef PYMNET_HVT_CLOCK_H
#define PYMNET_HVT_CLOCK_H

#include <stdint.h>

void clock_init(uint64_t tsc_hz);

#endif // PYMNET_HVT_CLOCK_H
