// What port/platform/unikraft uses of Unikraft's clocks, in words of our own.
#ifndef PYMNET_TESTS_UK_PLAT_TIME_H
#define PYMNET_TESTS_UK_PLAT_TIME_H

#include <stdint.h>

typedef uint64_t __nsec;

__nsec ukplat_monotonic_clock(void);

#endif // PYMNET_TESTS_UK_PLAT_TIME_H
