// clock.h - which of its clocks this machine tells the time by.

#ifndef PYMNET_HVT_CLOCK_H
#define PYMNET_HVT_CLOCK_H

#include <stdint.h>

void clock_init(uint64_t tsc_hz);

#endif // PYMNET_HVT_CLOCK_H
