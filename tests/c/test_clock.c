// test_clock.c - port/platform/qemu/clock.c and arch/x86_64/wall.c where there is no kvmclock: the wall clock against a CMOS clock of our own.

#include "check.h"

// A machine whose counters are ours: 3 GHz, and a host that now and then takes its time.
static uint64_t host_now = 5000000000; // nanoseconds of true time
static uint64_t wall_start = 1700000000123456789;
static uint64_t stopped; // while the machine was, and its counters with it
static uint64_t rtc_delay_before, rtc_delay_after;

#include "arch/x86_64/cpu.h"
#define x86_tsc() ((host_now - stopped) * 3)
#include "platform/qemu/clock.c"
#include "arch/x86_64/wall.c"

static uint32_t timer_start;
static uint64_t timer_at;

void apic_timer_start(uint32_t ns) {
    timer_start = ns;
    timer_at = host_now - stopped;
}

uint32_t apic_timer_left(void) {
    host_now += 100;
    return timer_start - (uint32_t)(host_now - stopped - timer_at);
}

bool x86_kvmclock_init(void) {
    return false;
}

uint64_t x86_kvmclock_monotonic(void) {
    abort();
}

uint64_t x86_kvmclock_wall(void) {
    abort();
}

static uint64_t true_wall(void) {
    return wall_start + host_now;
}

uint64_t rtc_seconds(void) {
    host_now += rtc_delay_before;
    uint64_t seconds = true_wall() / NS_PER_SECOND;
    host_now += rtc_delay_after;
    return seconds;
}

// Returns the error of the wall clock, in nanoseconds.
static uint64_t wall_error(void) {
    uint64_t said = platform_clock_wall();
    return (uint64_t)llabs((long long)(said - true_wall()));
}

static void test_monotonic(void) {
    uint64_t start = platform_clock_monotonic(), from = host_now;
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t before = platform_clock_monotonic();
        host_now += random_below(NS_PER_SECOND);
        CHECK(platform_clock_monotonic() >= before);
    }
    uint64_t took = platform_clock_monotonic() - start, really = host_now - from;
    CHECK(llabs((long long)(took - really)) < (long long)(really / 5000)); // 200 parts in a million
}

static void test_the_wall_clock_narrows_down(void) {
    CHECK(wall_error() <= NS_PER_SECOND);
    uint64_t last = 0;
    for (unsigned i = 0; i < 500; i++) {
        host_now += NS_PER_SECOND + random_below(NS_PER_SECOND);
        last = wall_error();
        CHECK(last <= NS_PER_SECOND);
    }
    CHECK(last < NS_PER_SECOND / 20);
}

// The host preempts the processor while the clock is read: the reading is less precise, but not wrong.
static void test_a_slow_reading(void) {
    for (unsigned i = 0; i < 500; i++) {
        host_now += NS_PER_SECOND + random_below(NS_PER_SECOND);
        rtc_delay_before = random_below(10) == 0 ? random_below(NS_PER_SECOND / 2) : 0;
        rtc_delay_after = random_below(10) == 0 ? random_below(NS_PER_SECOND / 2) : 0;
        platform_clock_wall();
        rtc_delay_before = rtc_delay_after = 0;
        CHECK(wall_error() < NS_PER_SECOND / 10);
    }
}

// The machine was stopped for an hour; the counters did not advance.
static void test_after_a_pause(void) {
    platform_clock_wall();
    uint64_t before = platform_clock_monotonic();
    host_now += 3600 * NS_PER_SECOND;
    stopped += 3600 * NS_PER_SECOND;
    CHECK(platform_clock_monotonic() - before < NS_PER_SECOND);
    host_now += NS_PER_SECOND; // it looks once a second
    CHECK(wall_error() <= NS_PER_SECOND);
}

static void test_scale(void) {
    static const uint64_t rates[] = {1000, 999999, 1000000, 3000000, 2596134, 10000000};
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        struct x86_scale scale = x86_scale_of(1000000, rates[i]);
        uint64_t ns = x86_scale_ticks(&scale, rates[i] * 1000);
        CHECK(llabs((long long)(ns - 1000000000)) <= 2);
    }
}

int main(void) {
    clock_init();
    test_monotonic();
    test_the_wall_clock_narrows_down();
    test_a_slow_reading();
    test_after_a_pause();
    test_scale();
    return 0;
}
