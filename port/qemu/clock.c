// clock.c - the two clocks of platform.h. Under KVM kvmclock serves both (its header says how well). Without it, under TCG
// and on hypervisors without paravirtual clocks:
//
// Monotonic: the TSC, measured against the local APIC's timer for CALIBRATION_NS at the start. Each end of the measurement
// is good to some 100 ns, so the rate is right to about 50 parts in a million. QEMU stops both while the machine is
// stopped, and so does this clock.
//
// Wall: the CMOS clock, which knows whole seconds only, read now and then (at most once a second) when somebody asks for
// the time. Each reading says between which two values the difference to the monotonic clock must be; the readings
// together narrow it down. So the error is half a second at first, and falls as time is asked for; after a pause of the
// machine the readings contradict the earlier ones, which are then forgotten.

#include <stdbool.h>

#include "apic.h"
#include "clock.h"
#include "platform.h"
#include "rtc.h"
#include "x86/cpu.h"
#include "x86/kvmclock.h"
#include "x86/scale.h"

#define NS_PER_SECOND UINT64_C(1000000000)

#define CALIBRATION_NS 3000000
#define CALIBRATION_TIMER_NS 1000000000
#define CALIBRATION_READINGS 8

#define WALL_READ_EVERY NS_PER_SECOND
// What the TSC's rate may be wrong by, a 2^13th, widens the bounds between two readings.
#define WALL_DRIFT_SHIFT 13

static bool has_kvmclock;
static struct x86_scale tsc_scale;
static uint64_t tsc_start;

// Monotonic --------------------------------------------------------------------------------------------------------

struct moment {
    uint64_t tsc;
    uint32_t timer; // counts down
};

// The reading of both clocks that took the least time of several: an interruption by the host spoils most others.
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

// Wall minus monotonic lies in [low, high); `offset` is what we say it is.
static struct {
    uint64_t low, high, offset, read_at;
    bool known;
} wall;

static void read_rtc(uint64_t now) {
    uint64_t seconds = rtc_seconds(), after = platform_clock_monotonic();
    if (seconds == 0) {
        return;
    }
    // Looked at between `now` and `after`: far apart when the host took the processor away.
    uint64_t low = seconds * NS_PER_SECOND - after, high = (seconds + 1) * NS_PER_SECOND - now;
    uint64_t drift = (now - wall.read_at) >> WALL_DRIFT_SHIFT;
    if (wall.known && low < wall.high + drift && high > wall.low - drift) {
        wall.low = low > wall.low - drift ? low : wall.low - drift;
        wall.high = high < wall.high + drift ? high : wall.high + drift;
    } else {
        wall.low = low;
        wall.high = high;
        wall.offset = low + (high - low) / 2;
        wall.known = true;
    }
    // Moves no further than the bounds demand: the clock does not wander while they narrow.
    wall.offset = wall.offset < wall.low ? wall.low : wall.offset > wall.high ? wall.high : wall.offset;
    wall.read_at = after;
}

uint64_t platform_clock_wall(void) {
    if (has_kvmclock) {
        return x86_kvmclock_wall();
    }
    uint64_t now = platform_clock_monotonic();
    if (!wall.known || now - wall.read_at >= WALL_READ_EVERY) {
        read_rtc(now);
    }
    return wall.known ? wall.offset + platform_clock_monotonic() : 0;
}
