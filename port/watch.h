// watch.h - looks at the running task from the interpreter's loops (MICROPY_VM_HOOK_LOOP): who computes for long is named with
// its traceback, and lets the network run meanwhile if the image wants that.

#ifndef PYMNET_WATCH_H
#define PYMNET_WATCH_H

#include <stdint.h>

// After how long without waiting a task is told of, once a second at most; 0: never.
void watch_set_patience(uint64_t nanoseconds);

// At each back-edge of bytecode: counts down, and looks at the clock when it reaches 0.
extern uint32_t watch_back_edges;
void watch_look(void);

#endif // PYMNET_WATCH_H
