// fiber.h - cooperative fibers: each is the interpreter's thread state and the frames of its C stack (docs/adr/0001).
//
// All fibers but the root run on one large stack, one at a time. Who waits has its frames copied out, to the byte, when
// another one needs the place, and back to the same addresses before it goes on (docs/adr/0019): a fiber may call as deep
// as the stack is large, and costs what it has on the stack while it waits.
//
// What is in here: the calls that the rest of a port makes, and what it supplies. `_fiber` (modfiber.c) is the Python
// side. Nothing here reads a clock or blocks: who runs next is the run queue's business, when to sleep the scheduler's
// (stack/mkernel).
//
// The code that starts the interpreter becomes the first ("root") fiber when `_fiber` is first imported; its stack is the
// one it runs on. It must therefore have called mp_cstack_init_with_top() (or ..._sp_here()) as usual.

#ifndef PYMNET_FIBER_H
#define PYMNET_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Supplied by the platform
// ------------------------------------------------------------------------------------------

// The stack that fibers run on, of `size` bytes from a page's start on, with an absent page below it where the machine
// can take one away. Always the same; asked for once, by the first fiber. NULL: there is no memory for it.
char *fiber_stack(size_t *size);

// A piece of memory for what waits, FIBER_PIECE bytes at a multiple of 16 and no part of the heap, or NULL when there is
// none: never stops the machine. Contents are undefined.
#define FIBER_PIECE 512
void *fiber_piece_alloc(void);
bool fiber_piece_free(void *piece); // false: it is none of the platform's

// How many there are to be had.
size_t fiber_pieces_free(void);

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

// How often a fiber has taken another one's place, and the name of the running one.
size_t fiber_switches(void);
const char *fiber_name(void);

// The running fiber's calls, where the port lists them (calls.h); each fiber has its own.
extern const void *fiber_calls;

// Lets the root fiber run until it yields, and nobody else: for a fiber that computes. Does nothing where no switch may be.
void fiber_let_root_run(void);

#endif // PYMNET_FIBER_H
