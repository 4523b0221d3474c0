// wall.h - the time of day by the CMOS clock, finer than its seconds.

#ifndef PYMNET_X86_WALL_H
#define PYMNET_X86_WALL_H

#include <stdint.h>

// Nanoseconds since 1970, made of rtc_seconds() and platform_clock_monotonic(). 0: there is no such clock.
uint64_t x86_wall(void);

#endif // PYMNET_X86_WALL_H
