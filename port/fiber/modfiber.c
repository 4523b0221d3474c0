// modfiber.c - the module `_fiber`: fibers, wait queues and deadlines in Python. tests/shims/_fiber.py is its
// twin for CPython; a change must be made in both. Policy (sleeping, tasks) is stack/mkernel's.

#include "py/objlist.h"
#include "py/runtime.h"
#include "internal.h"

// As CPython's on Linux.
#define STACK_SIZE_MIN (32 * 1024)
#define STACK_SIZE_MAX (1 << 30)

// The live fiber of a Fiber, or NULL if it has ended.
static fiber_t *get_fiber(mp_obj_t o) {
    if (!mp_obj_is_type(o, &fiber_type)) {
        mp_raise_TypeError(MP_ERROR_TEXT("a Fiber is needed"));
    }
    return ((fiber_obj_t *)MP_OBJ_TO_PTR(o))->fiber;
}

// Accepts the arguments of `raise`: an exception or its class.
static mp_obj_t get_exception(mp_obj_t o) {
    if (mp_obj_is_exception_type(o)) {
        o = mp_call_function_0(o);
    }
    if (!mp_obj_is_exception_instance(o)) {
        mp_raise_TypeError(MP_ERROR_TEXT("an exception is needed"));
    }
    return o;
}

// The argument of stack_size(); 0: all of the stack.
static size_t stack_size;

// spawn(fun, *args) -> Fiber: at the end of the run queue. MemoryError if there is no memory for its stack.
static mp_obj_t mod_spawn(size_t n_args, const mp_obj_t *args) {
    fiber_t *f = fiber_spawn(args[0], mp_obj_new_tuple(n_args - 1, args + 1), stack_size ? stack_size : SIZE_MAX);
    if (f != NULL) {
        return MP_OBJ_FROM_PTR(f->object);
    }
    mp_raise_msg(&mp_type_MemoryError, MP_ERROR_TEXT("no memory for a fiber's stack"));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR(mod_spawn_obj, 1, mod_spawn);

// current() -> the running Fiber
static mp_obj_t mod_current(void) {
    return MP_OBJ_FROM_PTR(fibers.current->object);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_current_obj, mod_current);

// ready() -> fibers in the run queue, without the running one
static mp_obj_t mod_ready(void) {
    return MP_OBJ_NEW_SMALL_INT(fibers.n_ready);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_ready_obj, mod_ready);

// yield_(): every other ready fiber runs once
static mp_obj_t mod_yield(void) {
    fiber_yield();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_yield_obj, mod_yield);

// park(deadline=None) -> the value given to wake(); False if expire() found the deadline passed
static mp_obj_t mod_park(size_t n_args, const mp_obj_t *args) {
    return fiber_park(NULL, n_args > 0 ? args[0] : mp_const_none);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mod_park_obj, 0, 1, mod_park);

// wake(fiber, value=None) -> False if it was not parked
static mp_obj_t mod_wake(size_t n_args, const mp_obj_t *args) {
    fiber_t *f = get_fiber(args[0]);
    return mp_obj_new_bool(f != NULL && fiber_wake(f, n_args > 1 ? args[1] : mp_const_none));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mod_wake_obj, 1, 2, mod_wake);

// throw(fiber, exc) -> whether it was parked; if not, its next park() raises. The first one thrown counts.
static mp_obj_t mod_throw(mp_obj_t fiber, mp_obj_t exc_or_type) {
    mp_obj_t exc = get_exception(exc_or_type); // may run Python, which may end the fiber
    fiber_t *f = get_fiber(fiber);
    return mp_obj_new_bool(f != NULL && fiber_throw(f, exc));
}
static MP_DEFINE_CONST_FUN_OBJ_2(mod_throw_obj, mod_throw);

// next_deadline() -> the earliest deadline of a parked fiber, or None
static mp_obj_t mod_next_deadline(void) {
    return fibers.deadlines == NULL ? mp_const_none : mp_obj_new_int(((fiber_t *)fibers.deadlines)->deadline);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_next_deadline_obj, mod_next_deadline);

// expire(now) -> fibers made ready because their deadline is at or before `now`
static mp_obj_t mod_expire(mp_obj_t now) {
    return MP_OBJ_NEW_SMALL_INT(fiber_expire(mp_obj_get_int(now)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(mod_expire_obj, mod_expire);

// parked() -> list of the parked fibers, oldest first
static mp_obj_t mod_parked(void) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (fiber_t *f = fibers.root; f != NULL; f = f->newer) {
        if (f->status == FIBER_PARKED) {
            mp_obj_list_append(list, MP_OBJ_FROM_PTR(f->object));
        }
    }
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_parked_obj, mod_parked);

// stack_size([bytes]) -> the old size: the stack limit of fibers spawned from now on, 0 for the whole stack
static mp_obj_t mod_stack_size(size_t n_args, const mp_obj_t *args) {
    size_t old = stack_size;
    if (n_args > 0) {
        mp_int_t size = mp_obj_get_int(args[0]);
        if (size != 0 && (size < STACK_SIZE_MIN || size > STACK_SIZE_MAX)) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("size not valid: %d bytes"), (int)size);
        }
        stack_size = size;
    }
    return MP_OBJ_NEW_SMALL_INT(old);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mod_stack_size_obj, 0, 1, mod_stack_size);

// stats() -> (fibers alive, pieces for their frames, exchanges of frames so far, switches so far)
static mp_obj_t mod_stats(void) {
    mp_obj_t items[] = {
        MP_OBJ_NEW_SMALL_INT(fibers.n_live),
        MP_OBJ_NEW_SMALL_INT(fiber_frames_pieces()),
        MP_OBJ_NEW_SMALL_INT(fiber_frames_exchanges()),
        MP_OBJ_NEW_SMALL_INT(fibers.n_switches),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_stats_obj, mod_stats);

static mp_obj_t mod_init(void) {
    fiber_init();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mod_init_obj, mod_init);

// Fiber: .done .result .exception (what it raised, or None); .name and .task are the scheduler's to set.
static void fiber_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    fiber_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t *slot = attr == MP_QSTR_name ? &self->name : attr == MP_QSTR_task ? &self->task : NULL;
    if (dest[0] == MP_OBJ_NULL) {
        if (slot != NULL) {
            dest[0] = *slot;
        } else if (attr == MP_QSTR_done) {
            dest[0] = mp_obj_new_bool(self->fiber == NULL);
        } else if (attr == MP_QSTR_result) {
            dest[0] = self->result;
        } else if (attr == MP_QSTR_exception) {
            dest[0] = self->exception;
        }
    } else if (slot != NULL && dest[1] != MP_OBJ_NULL) {
        *slot = dest[1];
        dest[0] = MP_OBJ_NULL; // stored
    }
}

MP_DEFINE_CONST_OBJ_TYPE(fiber_type, MP_QSTR_Fiber, MP_TYPE_FLAG_NONE, attr, fiber_attr);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__fiber)},
    {MP_ROM_QSTR(MP_QSTR___init__), MP_ROM_PTR(&mod_init_obj)},
    {MP_ROM_QSTR(MP_QSTR_spawn), MP_ROM_PTR(&mod_spawn_obj)},
    {MP_ROM_QSTR(MP_QSTR_current), MP_ROM_PTR(&mod_current_obj)},
    {MP_ROM_QSTR(MP_QSTR_ready), MP_ROM_PTR(&mod_ready_obj)},
    {MP_ROM_QSTR(MP_QSTR_yield_), MP_ROM_PTR(&mod_yield_obj)},
    {MP_ROM_QSTR(MP_QSTR_park), MP_ROM_PTR(&mod_park_obj)},
    {MP_ROM_QSTR(MP_QSTR_wake), MP_ROM_PTR(&mod_wake_obj)},
    {MP_ROM_QSTR(MP_QSTR_throw), MP_ROM_PTR(&mod_throw_obj)},
    {MP_ROM_QSTR(MP_QSTR_next_deadline), MP_ROM_PTR(&mod_next_deadline_obj)},
    {MP_ROM_QSTR(MP_QSTR_expire), MP_ROM_PTR(&mod_expire_obj)},
    {MP_ROM_QSTR(MP_QSTR_parked), MP_ROM_PTR(&mod_parked_obj)},
    {MP_ROM_QSTR(MP_QSTR_stack_size), MP_ROM_PTR(&mod_stack_size_obj)},
    {MP_ROM_QSTR(MP_QSTR_stats), MP_ROM_PTR(&mod_stats_obj)},
    {MP_ROM_QSTR(MP_QSTR_abandoned), MP_ROM_PTR(&fiber_abandoned_obj)},
    {MP_ROM_QSTR(MP_QSTR_Guard), MP_ROM_PTR(&fiber_guard_type)},
    {MP_ROM_QSTR(MP_QSTR_Waiters), MP_ROM_PTR(&fiber_waiters_type)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t fiber_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};

MP_REGISTER_MODULE(MP_QSTR__fiber, fiber_module);
