// park.c - waits of a fiber: in a queue or not, with a deadline or without.

#include "py/runtime.h"
#include "internal.h"

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
        // The scheduler's own fiber is always ready while another one runs, so this is a bug of the
        // scheduler.
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("park() with no fiber to run"));
    }
    fiber_check_room();
    if (deadline != mp_const_none) {
        fiber_timer_start(me, mp_obj_get_int(deadline));
    }
    if (queue != NULL) {
        fiber_queue_push(queue, me);
        me->queue = queue;
    }
    me->status = FIBER_PARKED;
    mp_obj_t value = fiber_switch_away();
    if (value == FIBER_RESUME_TO_RAISE) {
        raise_thrown(me);
    }
    return value;
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
