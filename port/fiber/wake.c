// wake.c - the end of a wait: a fiber that is woken, thrown at or out of time becomes ready. The deadlines of
// all waits are in one pairing heap whose nodes are the fibers, so no wait allocates. The unit of a deadline
// is chosen by the caller.

#include "internal.h"

fiber_state_t fibers;

void fiber_make_ready(fiber_t *f) {
    f->status = FIBER_READY;
    fiber_queue_push(&fibers.ready, f);
    fibers.n_ready++;
}

static int earlier(mp_pairheap_t *a, mp_pairheap_t *b) {
    fiber_t *f = (fiber_t *)a;
    fiber_t *g = (fiber_t *)b;
    return f->deadline < g->deadline || (f->deadline == g->deadline && f->order < g->order);
}

void fiber_timer_start(fiber_t *f, mp_int_t deadline) {
    static size_t n_timers;
    f->timed = true;
    f->deadline = deadline;
    f->order = n_timers++;
    mp_pairheap_init_node(earlier, &f->timer);
    fibers.deadlines = mp_pairheap_push(earlier, fibers.deadlines, &f->timer);
}

// Removes a parked fiber from its queue and its deadline from the heap.
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
    return fiber_wake(f, FIBER_RESUME_TO_RAISE);
}

size_t fiber_expire(mp_int_t now) {
    size_t n = 0;
    while (fibers.deadlines != NULL && ((fiber_t *)fibers.deadlines)->deadline <= now) {
        fiber_wake((fiber_t *)fibers.deadlines, mp_const_false);
        n++;
    }
    return n;
}

void fiber_wake_queue(fiber_queue_t *queue) {
    while (queue->head != NULL) {
        fiber_wake(queue->head, mp_const_true);
    }
}
