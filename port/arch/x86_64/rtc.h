// rtc.h - the CMOS clock: seconds, and only ever read.

#ifndef PYMNET_X86_RTC_H
#define PYMNET_X86_RTC_H

#include <stdint.h>

// Whole seconds since 1970 UTC (QEMU's -rtc base=utc); 0 when the machine has no such clock (microvm,rtc=off).
uint64_t rtc_seconds(void);

#endif // PYMNET_X86_RTC_H
