// queue.c - first-in first-out queues of fibers, linked through the fibers themselves: no allocation, removal
// in O(1). A fiber is in one queue at most: the run queue, or the wait queue that it is parked on.

#include "internal.h"

void fiber_queue_push(fiber_queue_t *q, fiber_t *f) {
    f->next = NULL;
    f->prev = q->tail;
    if (q->tail != NULL) {
        q->tail->next = f;
    } else {
        q->head = f;
    }
    q->tail = f;
}

void fiber_queue_push_front(fiber_queue_t *q, fiber_t *f) {
    f->prev = NULL;
    f->next = q->head;
    if (q->head != NULL) {
        q->head->prev = f;
    } else {
        q->tail = f;
    }
    q->head = f;
}

void fiber_queue_remove(fiber_queue_t *q, fiber_t *f) {
    if (f->prev != NULL) {
        f->prev->next = f->next;
    } else {
        q->head = f->next;
    }
    if (f->next != NULL) {
        f->next->prev = f->prev;
    } else {
        q->tail = f->prev;
    }
    f->prev = f->next = NULL;
}

fiber_t *fiber_queue_pop(fiber_queue_t *q) {
    fiber_t *f = q->head;
    if (f != NULL) {
        fiber_queue_remove(q, f);
    }
    return f;
}
