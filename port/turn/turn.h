// turn.h - the turn of the running fiber: how long it has computed without waiting. It may be interrupted by the
// scheduler's loop, or by other fibers (docs/adr/0020, docs/adr/0026).

#ifndef PYMNET_TURN_H
#define PYMNET_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "hook.h"

// Supplied by the platform: the clock in nanoseconds, and the watchdog, told how long the fiber has computed.
uint64_t turn_clock(void);
void turn_watch(uint64_t now, uint64_t computed);

// The machine has slept: whatever runs now has not computed since before.
void turn_slept(void);

// For the module `_turn`, which only images with pre-emption have: whether other fibers may run now. NULL: never.
struct call;
typedef bool (*turn_may_end_t)(const struct call *innermost);
extern turn_may_end_t turn_may_end;

#endif // PYMNET_TURN_H
