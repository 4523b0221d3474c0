// fiber.h - cooperative fibers: each a C stack and the interpreter's thread state, swapped at a switch
// (docs/adr/0001).
//
// What is in here: the calls that the rest of a port makes, and the two that it supplies. `_fiber`
// (modfiber.c) is the Python side. Nothing here reads a clock or blocks: who runs next is the run queue's
// business, when to sleep the scheduler's (stack/mkernel).
//
// The code that starts the interpreter becomes the first ("root") fiber when `_fiber` is first imported; its
// stack is the one it runs on. It must therefore have called mp_cstack_init_with_top() (or ..._sp_here()) as
// usual.

#ifndef PYMNET_FIBER_H
#define PYMNET_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Supplied by the platform
// ------------------------------------------------------------------------------------------

// A C stack of at least *size bytes with an absent guard page below it; *size becomes what was really given.
// Returns the lowest usable address, page-aligned, or NULL when there is no memory: never stops the machine.
// Contents are undefined.
void *fiber_stack_alloc(size_t *size);

// Gives back a stack: the address returned above and the size as it was set there. Never called on the
// running stack.
void fiber_stack_free(void *stack, size_t size);

// Called by the platform
// --------------------------------------------------------------------------------------------

// Marks what fibers that are not running keep alive. gc_collect() must call it between gc_collect_start() and
// gc_collect_end(), beside the scan of the running stack and registers.
void fiber_gc_scan(void);

// Waits of the port's own. A queue starts as all zeros.
struct fiber_queue {
    struct _fiber_t *head, *tail;
};

// There is no other fiber, or no fibers at all: nobody would run while the caller waits.
bool fiber_is_alone(void);

// Whether the running fiber may wait: not the scheduler's own, and not while the heap is locked.
bool fiber_can_wait(void);

// Waits until somebody wakes the queue, or until `deadline` (as fibers' deadlines are: stack/mkernel/scheduler.py). May
// raise what was thrown at the fiber. Only where fiber_can_wait().
void fiber_wait(struct fiber_queue *queue, intptr_t deadline);

// Makes ready all that wait in it.
void fiber_wake_queue(struct fiber_queue *queue);

#endif // PYMNET_FIBER_H
