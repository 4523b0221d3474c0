// clock.c - the two clocks of platform.h. On KVM kvmclock serves both and costs no exit. Elsewhere the
// monotonic clock is the TSC at the rate that the tender reports, accurate to 20 parts in a million, and the
// wall clock is read from the tender once a minute and extrapolated.

#include <stdbool.h>

#include "clock.h"
#include "hypercall.h"
#include "platform.h"
#include "platform/solo5/boot.h"
#include "arch/x86_64/kvmclock.h"
#include "arch/x86_64/scale.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define WALL_MAX_AGE (60 * NS_PER_SECOND)

#define HYPERVISOR_KVM 0x4b4d564b // "KVMK"

#define TSC_HZ_MIN UINT64_C(1000000)
#define TSC_HZ_MAX UINT64_C(1000000000000)

// From CPL 0 (entry.S).
extern const uint32_t hvt_hypervisor;

static bool has_kvmclock;
static struct x86_scale tsc_scale;
static uint64_t tsc_start;

void clock_init(uint64_t tsc_hz) {
    // kvmclock needs services that exist wherever exceptions reach the guest, so on every KVM.
    has_kvmclock = hvt_hypervisor == HYPERVISOR_KVM && x86_kvmclock_init();
    if (has_kvmclock) {
        return;
    }
    if (tsc_hz < TSC_HZ_MIN || tsc_hz > TSC_HZ_MAX) {
        solo5_stop("the tender does not know the rate of the processor's counter: there is no clock");
    }
    tsc_scale = x86_scale_of(NS_PER_SECOND, tsc_hz);
    tsc_start = x86_tsc();
}

uint64_t platform_clock_monotonic(void) {
    static uint64_t latest;
    uint64_t now = has_kvmclock ? x86_kvmclock_monotonic() : x86_scale_ticks(&tsc_scale, x86_tsc() - tsc_start);
    if (now > latest) { // the host may correct kvmclock backwards by a little
        latest = now;
    }
    return latest;
}

uint64_t platform_clock_wall(void) {
    static uint64_t offset, read_at;
    if (has_kvmclock) {
        return x86_kvmclock_wall();
    }
    uint64_t now = platform_clock_monotonic();
    if (offset == 0 || now - read_at > WALL_MAX_AGE) {
        struct hvt_walltime wall = {.ns = 0};
        hvt_call(HVT_WALLTIME, &wall);
        now = platform_clock_monotonic();
        offset = wall.ns - now;
        read_at = now;
    }
    return offset + now;
}
