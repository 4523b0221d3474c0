// poll.c - platform_poll(): look at every driver, and sleep when none has work.

#include "devices.h"
#include "drivers.h"

static bool have_work(void) {
    return nets_have_work() || console_has_work();
}

void platform_poll(uint64_t deadline) {
    console_look(&deadline);
    if (nets_look(&deadline) || have_work() || platform_clock_monotonic() >= deadline) {
        return;
    }
    nets_arm();
    console_arm();
    if (!have_work()) {
        devices_sleep(deadline);
    }
}
