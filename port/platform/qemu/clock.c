// clock.c - the two clocks of platform.h. Under KVM kvmclock serves both (accuracy: see its header). Without
// it, under TCG and on hypervisors without paravirtual clocks:
//
// Monotonic: the TSC, measured against the local APIC's timer for CALIBRATION_NS at the start. Each end of
// the measurement is accurate to some 100 ns, so the rate is accurate to about 50 parts in a million. QEMU
// stops both while the machine is stopped, and so does this clock.
//
// Wall: arch/x86_64/wall.c.

#include <stdbool.h>

#include "apic.h"
#include "clock.h"
#include "platform.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/kvmclock.h"
#include "arch/x86_64/scale.h"
#include "arch/x86_64/wall.h"

#define CALIBRATION_NS 3000000
#define CALIBRATION_TIMER_NS 1000000000
#define CALIBRATION_READINGS 8

static bool has_kvmclock;
static struct x86_scale tsc_scale;
static uint64_t tsc_start;

// Monotonic --------------------------------------------------------------------------------------------------------

struct moment {
    uint64_t tsc;
    uint32_t timer; // counts down
};

// Takes the fastest of several readings of both clocks: interruptions by the host spoil most others.
static struct moment read_both(void) {
    struct moment best = {.tsc = 0};
    uint64_t shortest = UINT64_MAX;
    for (unsigned i = 0; i < CALIBRATION_READINGS; i++) {
        uint64_t before = x86_tsc();
        uint32_t timer = apic_timer_left();
        uint64_t took = x86_tsc() - before;
        if (took < shortest) {
            shortest = took;
            best = (struct moment) {.tsc = before + took / 2, .timer = timer};
        }
    }
    return best;
}

static void calibrate(void) {
    apic_timer_start(CALIBRATION_TIMER_NS);
    struct moment start = read_both(), end;
    do {
        x86_pause();
        end = read_both();
    } while (start.timer - end.timer < CALIBRATION_NS);
    apic_timer_start(0);
    tsc_scale = x86_scale_of(start.timer - end.timer, end.tsc - start.tsc);
    tsc_start = start.tsc;
}

void clock_init(void) {
    has_kvmclock = x86_kvmclock_init();
    if (!has_kvmclock) {
        calibrate();
    }
}

uint64_t platform_clock_monotonic(void) {
    static uint64_t latest;
    uint64_t now = has_kvmclock ? x86_kvmclock_monotonic() : x86_scale_ticks(&tsc_scale, x86_tsc() - tsc_start);
    if (now > latest) { // the host may correct kvmclock backwards by a little
        latest = now;
    }
    return latest;
}

// Wall -------------------------------------------------------------------------------------------------------------

uint64_t platform_clock_wall(void) {
    return has_kvmclock ? x86_kvmclock_wall() : x86_wall();
}
