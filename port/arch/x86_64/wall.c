// wall.c - see wall.h.
//
// The CMOS clock has a resolution of a second. It is read at most once a second, when the time is requested.
// Each reading gives bounds of the difference to the monotonic clock; the readings together narrow
// it down. So the error is half a second at first, and falls with each request; after a pause of the machine the
// readings contradict the earlier ones, which are then forgotten.

#include <stdbool.h>

#include "platform.h"
#include "rtc.h"
#include "wall.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define READ_EVERY NS_PER_SECOND
// The possible error of the monotonic clock's rate, a 2^13th, widens the bounds between two readings.
#define DRIFT_SHIFT 13

// Wall minus monotonic clock lies in [low, high); `offset` is the estimate.
static struct {
    uint64_t low, high, offset, read_at;
    bool known;
} wall;

static void read_rtc(uint64_t now) {
    uint64_t seconds = rtc_seconds(), after = platform_clock_monotonic();
    if (seconds == 0) {
        return;
    }
    // The reading was taken between `now` and `after`: far apart when the host preempted the processor.
    uint64_t low = seconds * NS_PER_SECOND - after, high = (seconds + 1) * NS_PER_SECOND - now;
    uint64_t drift = (now - wall.read_at) >> DRIFT_SHIFT;
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

uint64_t x86_wall(void) {
    uint64_t now = platform_clock_monotonic();
    if (!wall.known || now - wall.read_at >= READ_EVERY) {
        read_rtc(now);
    }
    return wall.known ? wall.offset + platform_clock_monotonic() : 0;
}
