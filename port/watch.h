// watch.h - the watchdog, called from the interpreter's loops (MICROPY_VM_HOOK_LOOP): it reports a task that
// computes for long with its traceback, and lets the network run meanwhile if configured.

#ifndef PYMNET_WATCH_H
#define PYMNET_WATCH_H

#include <stdint.h>

// Sets the time without waiting after which a task is reported, once a second at most; 0: never.
void watch_set_patience(uint64_t nanoseconds);

// Counted down at each back-edge of bytecode; the clock is checked at 0.
extern uint32_t watch_back_edges;
void watch_look(void);

// The machine has slept: whatever runs now has not computed since before.
void watch_slept(void);

#endif // PYMNET_WATCH_H
