// kvmclock.h - the clock KVM keeps in a page of guest memory: both clocks without an exit.

#ifndef PYMNET_X86_KVMCLOCK_H
#define PYMNET_X86_KVMCLOCK_H

#include <stdbool.h>
#include <stdint.h>

// false: the hypervisor does not offer it, the other calls may not be used.
bool x86_kvmclock_init(void);

// Nanoseconds since the machine was made; stands still while QEMU has it stopped. Error: the host's own (NTP-slewed TSC).
uint64_t x86_kvmclock_monotonic(void);

// Nanoseconds since 1970, as the host's CLOCK_REALTIME: within a few microseconds when read from the host, which is done
// at the start, after each pause, and once a minute, since the two clocks drift apart by the host's NTP correction.
uint64_t x86_kvmclock_wall(void);

#endif // PYMNET_X86_KVMCLOCK_H
