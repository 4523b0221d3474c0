// fiber.h - cooperative fibers: each is the interpreter's thread state and the frames of its C stack (docs/adr/0001).
//
// All fibers but the root run on one large stack, one at a time. The frames of a waiting fiber are copied out
// when another one needs the space, and back to the same addresses before it continues (docs/adr/0019): a
// fiber may call as deep as the stack is large, and a waiting fiber costs only its frames.
//
// This file has the calls for the rest of a port, and the functions that it must supply. `_fiber`
// (modfiber.c) is the Python interface. Nothing here reads a clock or blocks: the run queue chooses the next
// fiber, the scheduler (stack/mkernel) when to sleep.
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

// Returns the stack that fibers run on, `size` bytes from a page boundary on, with an absent page below it
// where the machine supports that. Called once, by the first fiber. NULL: no memory.
char *fiber_stack(size_t *size);

// Allocates memory for a waiting fiber: FIBER_PIECE bytes at a multiple of 16, outside the heap; NULL: there
// is none. Contents are undefined.
#define FIBER_PIECE 512
void *fiber_piece_alloc(void);
bool fiber_piece_free(void *piece); // false: the piece is not the platform's

// Returns how many are free.
size_t fiber_pieces_free(void);

// Called by the platform
// --------------------------------------------------------------------------------------------

// Marks objects that suspended fibers reference. gc_collect() must call it between gc_collect_start() and
// gc_collect_end(), beside the scan of the running stack and registers.
void fiber_gc_scan(void);

// Wait queues for the port's C code. A queue starts as all zeros.
struct fiber_queue {
    struct _fiber_t *head, *tail;
};

// Whether no other fiber exists: none would run while the caller waits.
bool fiber_is_alone(void);

// Whether the running fiber may wait: not the scheduler's own, and not while the heap is locked.
bool fiber_can_wait(void);

// Waits until the queue is woken, or until `deadline` (in the unit of fibers' deadlines:
// stack/mkernel/scheduler.py). May raise an exception thrown at the fiber. Only where fiber_can_wait().
void fiber_wait(struct fiber_queue *queue, intptr_t deadline);

// Makes all waiters of the queue ready.
void fiber_wake_queue(struct fiber_queue *queue);

// The number of switches, and the name of the running fiber.
size_t fiber_switches(void);
const char *fiber_name(void);

// The running fiber's calls, where the port lists them (calls.h); each fiber has its own.
extern const void *fiber_calls;

// Lets the root fiber run until it yields, and no other: for a fiber that computes. Does nothing where no
// switch is allowed.
void fiber_let_root_run(void);

// The same, but all ready fibers run before the caller goes on.
void fiber_let_others_run(void);

#endif // PYMNET_FIBER_H
