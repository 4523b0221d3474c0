// modwaiters.c - the type `_fiber.Waiters`: a queue of parked fibers. Waking and waiting are on the path of
// every recv(), hence a C type: one call each, nothing allocated.

#include "py/runtime.h"
#include "internal.h"

typedef struct _waiters_t {
    mp_obj_base_t base;
    fiber_queue_t queue;
} waiters_t;

static mp_obj_t waiters_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    waiters_t *self = mp_obj_malloc(waiters_t, type);
    self->queue.head = self->queue.tail = NULL;
    return MP_OBJ_FROM_PTR(self);
}

// wait(deadline=None) -> True when woken, False when the deadline passed first
static mp_obj_t waiters_wait(size_t n_args, const mp_obj_t *args) {
    waiters_t *self = MP_OBJ_TO_PTR(args[0]);
    return fiber_park(&self->queue, n_args > 1 ? args[1] : mp_const_none);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(waiters_wait_obj, 1, 2, waiters_wait);

// wake() -> whether a fiber waited: makes the first one ready
static mp_obj_t waiters_wake(mp_obj_t self_in) {
    waiters_t *self = MP_OBJ_TO_PTR(self_in);
    fiber_t *f = self->queue.head;
    return mp_obj_new_bool(f != NULL && fiber_wake(f, mp_const_true));
}
static MP_DEFINE_CONST_FUN_OBJ_1(waiters_wake_obj, waiters_wake);

// wake_all() -> number of fibers made ready
static mp_obj_t waiters_wake_all(mp_obj_t self_in) {
    waiters_t *self = MP_OBJ_TO_PTR(self_in);
    size_t n = 0;
    while (self->queue.head != NULL) {
        fiber_wake(self->queue.head, mp_const_true);
        n++;
    }
    return MP_OBJ_NEW_SMALL_INT(n);
}
static MP_DEFINE_CONST_FUN_OBJ_1(waiters_wake_all_obj, waiters_wake_all);

// .empty
static void waiters_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    waiters_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] == MP_OBJ_NULL) {
        if (attr == MP_QSTR_empty) {
            dest[0] = mp_obj_new_bool(self->queue.head == NULL);
        } else {
            dest[1] = MP_OBJ_SENTINEL; // look among the methods
        }
    }
}

static const mp_rom_map_elem_t waiters_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_wait), MP_ROM_PTR(&waiters_wait_obj)},
    {MP_ROM_QSTR(MP_QSTR_wake), MP_ROM_PTR(&waiters_wake_obj)},
    {MP_ROM_QSTR(MP_QSTR_wake_all), MP_ROM_PTR(&waiters_wake_all_obj)},
};
static MP_DEFINE_CONST_DICT(waiters_locals, waiters_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(fiber_waiters_type, MP_QSTR_Waiters, MP_TYPE_FLAG_NONE, make_new, waiters_make_new, attr,
    waiters_attr, locals_dict, &waiters_locals);
