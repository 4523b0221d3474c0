// park.c - how a fiber waits: for a wake, in a queue or not, with a deadline or without. The deadlines of all
// waits are in one pairing heap whose nodes are the fibers, so no wait allocates. The unit of a deadline is
// its caller's business.

#include "py/runtime.h"
#include "internal.h"

static int earlier(mp_pairheap_t *a, mp_pairheap_t *b) {
    fiber_t *f = (fiber_t *)a;
    fiber_t *g = (fiber_t *)b;
    return f->deadline < g->deadline || (f->deadline == g->deadline && f->order < g->order);
}

static void start_timer(fiber_t *f, mp_int_t deadline) {
    static size_t n_timers;
    f->timed = true;
    f->deadline = deadline;
    f->order = n_timers++;
    mp_pairheap_init_node(earlier, &f->timer);
    fibers.deadlines = mp_pairheap_push(earlier, fibers.deadlines, &f->timer);
}

// Takes a parked fiber out of its queue and its deadline out of the heap.
static void unpark(fiber_t *f) {
    if (f->queue != NULL) {
        fiber_queue_remove(f->queue, f);
        f->queue = NULL;
    }
    if (f->timed) {
        fibers.deadlines = mp_pairheap_delete(earlier, fibers.deadlines, &f->timer);
        f->timed = false;
    }
    fiber_make_ready(f);
}

// What fiber_throw() has a parked fiber resume with. One that was woken already returns from its wait first,
// because the wake may have given it something (a lock): it is its next wait that raises.
#define RESUME_TO_RAISE MP_OBJ_NULL

static __attribute__((noreturn)) void raise_thrown(fiber_t *f) {
    mp_obj_t exc = f->thrown;
    f->thrown = MP_OBJ_NULL;
    nlr_raise(exc);
}

mp_obj_t fiber_park(fiber_queue_t *queue, mp_obj_t deadline) {
    fiber_t *me = fibers.current;
    fiber_check_can_switch();
    if (me->thrown != MP_OBJ_NULL) {
        raise_thrown(me);
    }
    if (fibers.n_ready == 0) {
        // The scheduler's own fiber is always ready when another one runs, so it is the scheduler that is
        // wrong.
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("park() with no fiber to run"));
    }
    fiber_check_room();
    if (deadline != mp_const_none) {
        start_timer(me, mp_obj_get_int(deadline));
    }
    if (queue != NULL) {
        fiber_queue_push(queue, me);
        me->queue = queue;
    }
    me->status = FIBER_PARKED;
    mp_obj_t value = fiber_switch_away();
    if (value == RESUME_TO_RAISE) {
        raise_thrown(me);
    }
    return value;
}

bool fiber_wake(fiber_t *f, mp_obj_t value) {
    if (f->status != FIBER_PARKED) {
        return false;
    }
    f->value = value;
    unpark(f);
    return true;
}

bool fiber_throw(fiber_t *f, mp_obj_t exc) {
    if (f->thrown == MP_OBJ_NULL) {
        f->thrown = exc;
    }
    return fiber_wake(f, RESUME_TO_RAISE);
}

size_t fiber_expire(mp_int_t now) {
    size_t n = 0;
    while (fibers.deadlines != NULL && ((fiber_t *)fibers.deadlines)->deadline <= now) {
        fiber_wake((fiber_t *)fibers.deadlines, mp_const_false);
        n++;
    }
    return n;
}

// Waits of the port's own (fiber.h) ------------------------------------------------------------------------------------

bool fiber_is_alone(void) {
    return fibers.n_live <= 1;
}

bool fiber_can_wait(void) {
    return fibers.current != fibers.root && fibers.n_ready > 0 && !fiber_switch_is_locked();
}

void fiber_wait(fiber_queue_t *queue, intptr_t deadline) {
    fiber_park(queue, MP_OBJ_NEW_SMALL_INT(deadline));
}

void fiber_wake_queue(fiber_queue_t *queue) {
    while (queue->head != NULL) {
        fiber_wake(queue->head, mp_const_true);
    }
}
