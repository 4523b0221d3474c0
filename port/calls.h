// calls.h - the running fiber's calls of bytecode functions, which the interpreter does not record.

#ifndef PYMNET_CALLS_H
#define PYMNET_CALLS_H

#include "py/bc.h"

// Lies on the C stack, in the function that calls the interpreter's loop, while that runs.
struct call {
    const mp_code_state_t *state;
    const struct call *outer; // NULL: the first of the fiber
};

// Returns the innermost call, or NULL. fiber.c swaps it with the fibers.
const struct call *calls(void);

#endif // PYMNET_CALLS_H
