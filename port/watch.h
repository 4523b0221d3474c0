// watch.h - the watchdog: it reports a task that computes for long, with its traceback.

#ifndef PYMNET_WATCH_H
#define PYMNET_WATCH_H

#include <stdint.h>

// Sets the time without waiting after which a task is reported, once a second at most; 0: never.
void watch_set_limit(uint64_t nanoseconds);

#endif // PYMNET_WATCH_H
