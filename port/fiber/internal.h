// internal.h - shared by the files of port/fiber. The interface for the rest of the port is fiber.h.

#ifndef PYMNET_FIBER_INTERNAL_H
#define PYMNET_FIBER_INTERNAL_H

#include "py/obj.h"
#include "py/mpstate.h"
#include "py/pairheap.h"
#include "fiber.h"

#if MICROPY_PY_THREAD || MICROPY_ENABLE_PYSTACK || !MICROPY_STACK_CHECK
#error "fibers need MICROPY_PY_THREAD=0, MICROPY_ENABLE_PYSTACK=0 and MICROPY_STACK_CHECK=1"
#endif

// Kept free below the interpreter's recursion limit for the C code between two of its checks;
// tests/c/test_recursion.py proves that no code needs more. Code that exceeds it hits the guard page.
#ifndef FIBER_STACK_MARGIN
#define FIBER_STACK_MARGIN MICROPY_STACK_CHECK_MARGIN
#endif

// The stack for copying frames.
#ifndef FIBER_EXCHANGE_STACK
#define FIBER_EXCHANGE_STACK 1024
#endif

// Pieces for frames that each fiber has from the beginning: enough to wait in sleep() or recv().
#define FIBER_PIECES_MIN 8

typedef enum { FIBER_READY, FIBER_RUNNING, FIBER_PARKED } fiber_status_t;

typedef struct fiber_queue fiber_queue_t;

// The Python object; it outlives the fiber.
typedef struct _fiber_obj_t {
    mp_obj_base_t base;
    struct _fiber_t *fiber; // NULL once it has ended
    mp_obj_t name, task, result, exception;
} fiber_obj_t;

// A live fiber. It lies in a piece, not in the heap: the collector would follow the links from fiber to fiber
// and overflow its small stack.
typedef struct _fiber_t {
    mp_pairheap_t timer; // first: a node of the heap of deadlines while `timed`
    mp_int_t deadline;
    size_t order;                 // breaks ties: equal deadlines expire in the order of their waits
    struct _fiber_t *prev, *next; // in the run queue, or in the wait queue `queue`
    fiber_queue_t *queue;
    struct _fiber_t *older, *newer; // in the list of live fibers
    struct _fiber_piece_t *pieces;  // the copy of its frames
    size_t n_pieces;
    void *sp;                 // while not running; NULL: not started
    mp_state_thread_t thread; // the interpreter's state of this fiber, while not running
    const void *calls;        // the same for `fiber_calls`
    fiber_obj_t *object;
    mp_obj_t fun, args; // until it starts
    mp_obj_t value;     // what park() will return
    mp_obj_t thrown;    // or raise, unless MP_OBJ_NULL
    fiber_status_t status;
    bool timed;
} fiber_t;

typedef struct _fiber_state_t {
    fiber_t *root, *current, *live;
    fiber_queue_t ready;
    mp_pairheap_t *deadlines;
    size_t n_ready, n_live, n_switches;
} fiber_state_t;

extern fiber_state_t fibers;
extern const mp_obj_type_t fiber_type;
extern const mp_obj_type_t fiber_waiters_type;
extern const mp_obj_type_t fiber_guard_type;
MP_DECLARE_CONST_FUN_OBJ_0(fiber_abandoned_obj);

// fiber.c: life and switching
void fiber_init(void);
fiber_t *fiber_spawn(mp_obj_t fun, mp_obj_t args, size_t depth); // bytes of stack at most; NULL: no memory
void fiber_yield(void);
mp_obj_t fiber_switch_away(void); // the caller has made the current fiber reachable; returns or raises its result
bool fiber_switch_is_locked(void);
void fiber_check_can_switch(void);
void fiber_check_room(void); // MemoryError if its frames could not be kept

// park.c: waiting
mp_obj_t fiber_park(fiber_queue_t *queue, mp_obj_t deadline);

// wake.c: the end of a wait
void fiber_make_ready(fiber_t *f);
void fiber_timer_start(fiber_t *f, mp_int_t deadline);
bool fiber_wake(fiber_t *f, mp_obj_t value);
bool fiber_throw(fiber_t *f, mp_obj_t exc);
size_t fiber_expire(mp_int_t now);

// What a parked fiber resumes with when fiber_throw() was called. One that was woken already returns from its wait first,
// because the wake may have given it something (a lock): it is its next wait that raises.
#define FIBER_RESUME_TO_RAISE MP_OBJ_NULL

// queue.c
void fiber_queue_push(fiber_queue_t *q, fiber_t *f);
void fiber_queue_push_front(fiber_queue_t *q, fiber_t *f);
void fiber_queue_remove(fiber_queue_t *q, fiber_t *f);
fiber_t *fiber_queue_pop(fiber_queue_t *q);

void fiber_entry(void);
void fiber_gc_scan_words(const void *low, const void *high);

// frames.c: the stack that fibers share
char *fiber_frames_top(void); // NULL: no memory
size_t fiber_frames_depth(void);
bool fiber_frames_begin(fiber_t *f); // room for a new fiber; false: no memory
bool fiber_frames_room(fiber_t *f);  // room for the frames of the running fiber; false: no memory
void fiber_frames_end(fiber_t *f);
void fiber_frames_switch(fiber_t *from, fiber_t *to);
void fiber_frames_forget(fiber_t *f); // frees the frames of a fiber that has ended
void fiber_frames_mark(fiber_t *f);   // for the collector: the pieces themselves
void fiber_frames_scan(fiber_t *f);
size_t fiber_frames_pieces(void);
size_t fiber_frames_exchanges(void);

// switch_<architecture>.S
void fiber_context_exchange(void **save_sp, void *stack, void *(*exchange)(void));
void fiber_context_switch(void **save_sp, void *load_sp);
void *fiber_context_new(void *stack_top, void (*entry)(void));

#endif // PYMNET_FIBER_INTERNAL_H
