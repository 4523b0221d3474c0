// modguard.c - the type `_fiber.Guard`: it guards an object that must be closed. When the collector finds a
// guard unreachable, its object is handed to the scheduler's loop.
//
// A finaliser runs inside the collection, with the heap locked: it must not close anything, and objects that
// it could reach may be swept with it. So the object hangs on a ward, which a root pointer keeps alive, and
// the finaliser only marks the ward.

#include "py/runtime.h"
#include "internal.h"

// `next` precedes `what`: the collector follows the last pointer first, and so does not recurse along the
// list.
typedef struct _ward_t {
    struct _ward_t *next, *prev;
    mp_obj_t what;
    bool abandoned;
} ward_t;

typedef struct _guard_t {
    mp_obj_base_t base;
    ward_t *ward; // NULL once it is dropped
} guard_t;

MP_REGISTER_ROOT_POINTER(void *fiber_wards);

static size_t n_abandoned;

// Guard(what)
static mp_obj_t guard_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    ward_t *ward = m_new_obj(ward_t);
    guard_t *self = mp_obj_malloc_with_finaliser(guard_t, type);
    ward_t *first = MP_STATE_VM(fiber_wards);
    *ward = (ward_t) {.next = first, .what = args[0]};
    if (first != NULL) {
        first->prev = ward;
    }
    MP_STATE_VM(fiber_wards) = ward;
    self->ward = ward;
    return MP_OBJ_FROM_PTR(self);
}

static void unlink_ward(ward_t *ward) {
    if (ward->prev != NULL) {
        ward->prev->next = ward->next;
    } else {
        MP_STATE_VM(fiber_wards) = ward->next;
    }
    if (ward->next != NULL) {
        ward->next->prev = ward->prev;
    }
    ward->next = ward->prev = NULL;
}

// drop(): disarm the guard
static mp_obj_t guard_drop(mp_obj_t self_in) {
    guard_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->ward != NULL) {
        unlink_ward(self->ward);
        self->ward = NULL;
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(guard_drop_obj, guard_drop);

static mp_obj_t guard_del(mp_obj_t self_in) {
    guard_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->ward != NULL) {
        self->ward->abandoned = true;
        n_abandoned++;
        self->ward = NULL;
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(guard_del_obj, guard_del);

// abandoned() -> an object whose guard was collected, or None. Needs no memory.
static mp_obj_t mod_abandoned(void) {
    if (n_abandoned == 0) {
        return mp_const_none;
    }
    ward_t *ward = MP_STATE_VM(fiber_wards);
    while (!ward->abandoned) {
        ward = ward->next;
    }
    n_abandoned--;
    unlink_ward(ward);
    return ward->what;
}
MP_DEFINE_CONST_FUN_OBJ_0(fiber_abandoned_obj, mod_abandoned);

static const mp_rom_map_elem_t guard_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_drop), MP_ROM_PTR(&guard_drop_obj)},
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&guard_del_obj)},
};
static MP_DEFINE_CONST_DICT(guard_locals, guard_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    fiber_guard_type, MP_QSTR_Guard, MP_TYPE_FLAG_NONE, make_new, guard_make_new, locals_dict, &guard_locals);
