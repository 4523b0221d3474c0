// weak.c - see weak.h.

#include <string.h>

#include "py/gc.h"
#include "py/objtype.h"
#include "py/runtime.h"
#include "py/weak.h"

#define HIDDEN(pointer) (~(uintptr_t)(pointer))
#define SHOWN(hidden) ((void *)~(hidden))
#define NOTHING ((uintptr_t)0) // no address is all ones

typedef struct _mp_obj_weakref_t {
    mp_obj_base_t base;
    uintptr_t of;      // hidden; NOTHING when the object is gone
    uintptr_t next;    // hidden, in the same bucket; of those whose callback waits the pointer itself
    mp_obj_t callback; // or None
    mp_obj_t outer;    // what is given to the callback
    mp_obj_t hash;     // or MP_OBJ_NULL if nobody asked
} mp_obj_weakref_t;

// References to objects that are alive, by the address of the object.
#define N_BUCKETS (64)
static uintptr_t buckets[N_BUCKETS];

static uintptr_t *bucket_of(const void *pointer) {
    return &buckets[((uintptr_t)pointer >> 5) % N_BUCKETS];
}

static bool is_scheduled; // mp_weak_run()

// References ----------------------------------------------------------------------------------------------------------

static mp_obj_t referent(const mp_obj_weakref_t *self) {
    return self->of == NOTHING ? mp_const_none : MP_OBJ_FROM_PTR(SHOWN(self->of));
}

// CPython's objects of these types have no room for references to them.
static bool can_be_referred_to(mp_obj_t o) {
    static const mp_obj_type_t *const never[] = {
        &mp_type_object,
        &mp_type_int,
        &mp_type_bool,
        &mp_type_float,
        &mp_type_complex,
        &mp_type_str,
        &mp_type_bytes,
        &mp_type_bytearray,
        &mp_type_tuple,
        &mp_type_list,
        &mp_type_dict,
        &mp_type_range,
        &mp_type_slice,
        &mp_type_NoneType,
    };
    const mp_obj_type_t *type = mp_obj_get_type(o);
    for (size_t i = 0; i < MP_ARRAY_SIZE(never); i++) {
        if (type == never[i]) {
            return false;
        }
    }
    return mp_obj_is_obj(o)
        && !((type->flags & MP_TYPE_FLAG_SLOTS) && !mp_obj_class_has_slot(type, MP_QSTR___weakref__));
}

static mp_obj_t weakref_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 2, false);
    if (!can_be_referred_to(args[0])) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("cannot create weak reference to '%s' object"),
            mp_obj_get_type_str(args[0]));
    }
    uintptr_t of = HIDDEN(MP_OBJ_TO_PTR(args[0])), *bucket = bucket_of(MP_OBJ_TO_PTR(args[0]));
    mp_obj_t callback = n_args == 2 ? args[1] : mp_const_none;
    for (uintptr_t each = *bucket; each != NOTHING && callback == mp_const_none;) {
        mp_obj_weakref_t *other = SHOWN(each);
        if (other->of == of && other->callback == mp_const_none && other->outer == MP_OBJ_FROM_PTR(other)) {
            return MP_OBJ_FROM_PTR(other); // one is enough
        }
        each = other->next;
    }
    mp_obj_weakref_t *self = mp_obj_malloc(mp_obj_weakref_t, type);
    self->of = of;
    self->callback = callback;
    self->outer = MP_OBJ_FROM_PTR(self);
    self->hash = MP_OBJ_NULL;
    self->next = *bucket;
    *bucket = HIDDEN(self);
    return MP_OBJ_FROM_PTR(self);
}

void mp_weak_set_outer(mp_obj_t ref, mp_obj_t outer) {
    mp_obj_weakref_t *self = MP_OBJ_TO_PTR(ref);
    if (self->callback == mp_const_none && self->outer == ref) {
        return; // shared: it has no callback to be given the instance
    }
    self->outer = outer;
}

static mp_obj_t weakref_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    return referent(MP_OBJ_TO_PTR(self_in));
}

static void weakref_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    mp_obj_weakref_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<weakref at 0x%lx; ", (unsigned long)(uintptr_t)self);
    if (self->of == NOTHING) {
        mp_print_str(print, "dead>");
    } else {
        mp_printf(
            print, "to '%s' at 0x%lx>", mp_obj_get_type_str(referent(self)), (unsigned long)(uintptr_t)SHOWN(self->of));
    }
}

static mp_obj_t weakref_unary_op(mp_unary_op_t op, mp_obj_t self_in) {
    mp_obj_weakref_t *self = MP_OBJ_TO_PTR(self_in);
    if (op != MP_UNARY_OP_HASH) {
        return MP_OBJ_NULL;
    }
    if (self->hash == MP_OBJ_NULL) {
        if (self->of == NOTHING) {
            mp_raise_TypeError(MP_ERROR_TEXT("weak object has gone away"));
        }
        self->hash = mp_unary_op(MP_UNARY_OP_HASH, referent(self));
    }
    return self->hash;
}

static mp_obj_t weakref_binary_op(mp_binary_op_t op, mp_obj_t lhs_in, mp_obj_t rhs_in) {
    rhs_in = mp_obj_native_part(rhs_in);
    if (op != MP_BINARY_OP_EQUAL || !mp_obj_is_type(rhs_in, &mp_type_weakref)) {
        return MP_OBJ_NULL;
    }
    mp_obj_weakref_t *lhs = MP_OBJ_TO_PTR(lhs_in), *rhs = MP_OBJ_TO_PTR(rhs_in);
    if (lhs->of == NOTHING || rhs->of == NOTHING) {
        return mp_obj_new_bool(lhs == rhs);
    }
    return mp_obj_new_bool(mp_obj_equal(referent(lhs), referent(rhs)));
}

static void weakref_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mp_obj_weakref_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] == MP_OBJ_NULL && attr == MP_QSTR___callback__) {
        dest[0] = self->of == NOTHING ? mp_const_none : self->callback;
    } else if (dest[0] == MP_OBJ_NULL) {
        dest[1] = MP_OBJ_SENTINEL; // go on with the methods
    }
}

MP_DEFINE_CONST_OBJ_TYPE(mp_type_weakref, MP_QSTR_ReferenceType, MP_TYPE_FLAG_EQ_CHECKS_OTHER_TYPE, make_new,
    weakref_make_new, print, weakref_print, call, weakref_call, unary_op, weakref_unary_op, binary_op,
    weakref_binary_op, attr, weakref_attr);

// After marking -------------------------------------------------------------------------------------------------------

// A class made: its hidden address. Entries of classes that are gone are NOTHING.
typedef struct {
    size_t n, alloc;
    uintptr_t hidden[];
} class_list_t;

static void schedule_run(void);

static void forget_referents(uintptr_t *link, bool (*is_marked)(const void *)) {
    while (*link != NOTHING) {
        mp_obj_weakref_t *self = SHOWN(*link);
        if (is_marked(self) && is_marked(SHOWN(self->of))) {
            link = &self->next;
            continue;
        }
        *link = self->next;
        self->of = NOTHING;
        if (is_marked(self) && self->callback != mp_const_none) {
            self->next = (uintptr_t)MP_STATE_VM(weak_dead);
            MP_STATE_VM(weak_dead) = self;
        }
    }
}

void mp_weak_marked(bool (*is_marked)(const void *)) {
    for (size_t i = 0; i < N_BUCKETS; i++) {
        forget_referents(&buckets[i], is_marked);
    }
    class_list_t *classes = MP_STATE_VM(weak_class_list);
    for (size_t i = 0; classes != NULL && i < classes->n; i++) {
        if (classes->hidden[i] != NOTHING && !is_marked(SHOWN(classes->hidden[i]))) {
            classes->hidden[i] = NOTHING;
        }
    }
    if (MP_STATE_VM(weak_dead) != NULL || MP_STATE_VM(weak_finalisable) != NULL) {
        schedule_run();
    }
}

// The last word of an instance whose class has __del__() links those that wait for it.
static void **finalise_link(mp_obj_instance_t *instance) {
    return (void **)((byte *)instance + gc_nbytes(instance)) - 1;
}

void mp_weak_finalise(void *instance) {
    *finalise_link(instance) = MP_STATE_VM(weak_finalisable);
    MP_STATE_VM(weak_finalisable) = instance;
    schedule_run();
}

#if MICROPY_ENABLE_SCHEDULER
static mp_obj_t weak_run(mp_obj_t arg) {
    (void)arg;
    mp_weak_run();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(weak_run_obj, weak_run);
#endif

static void schedule_run(void) {
#if MICROPY_ENABLE_SCHEDULER
    if (!is_scheduled) {
        // with a full queue the next collection tries again
        is_scheduled = mp_sched_schedule(MP_OBJ_FROM_PTR(&weak_run_obj), mp_const_none);
    }
#endif
}

void mp_weak_run(void) {
    is_scheduled = false;
    while (MP_STATE_VM(weak_dead) != NULL) {
        mp_obj_weakref_t *self = MP_STATE_VM(weak_dead);
        MP_STATE_VM(weak_dead) = (void *)self->next;
        self->next = NOTHING;
        mp_obj_t callback = self->callback;
        self->callback = mp_const_none;
        mp_call_function_1_protected(callback, self->outer);
    }
    while (MP_STATE_VM(weak_finalisable) != NULL) {
        mp_obj_instance_t *instance = MP_STATE_VM(weak_finalisable);
        MP_STATE_VM(weak_finalisable) = *finalise_link(instance);
        *finalise_link(instance) = NULL;
        mp_obj_t method[2];
        mp_load_method_maybe(MP_OBJ_FROM_PTR(instance), MP_QSTR___del__, method);
        if (method[0] != MP_OBJ_NULL) {
            mp_call_function_1_protected(method[0], method[1]);
        }
    }
}

MP_REGISTER_ROOT_POINTER(void *weak_dead);
MP_REGISTER_ROOT_POINTER(void *weak_finalisable);
MP_REGISTER_ROOT_POINTER(void *weak_class_list);

// Classes -------------------------------------------------------------------------------------------------------------

static void drop_gone(class_list_t *classes) {
    size_t n = 0;
    for (size_t i = 0; i < classes->n; i++) {
        if (classes->hidden[i] != NOTHING) {
            classes->hidden[n++] = classes->hidden[i];
        }
    }
    classes->n = n;
}

void mp_weak_add_class(const mp_obj_type_t *type) {
    class_list_t *classes = MP_STATE_VM(weak_class_list);
    if (classes != NULL && classes->n == classes->alloc) {
        drop_gone(classes);
    }
    if (classes == NULL || classes->n == classes->alloc) {
        size_t alloc = classes == NULL ? 14 : classes->alloc + classes->alloc / 2;
        class_list_t *more = m_new_obj_var0(class_list_t, hidden, uintptr_t, alloc);
        more->alloc = alloc;
        if (classes != NULL) {
            more->n = classes->n;
            memcpy(more->hidden, classes->hidden, classes->n * sizeof(uintptr_t));
        }
        classes = MP_STATE_VM(weak_class_list) = more;
    }
    classes->hidden[classes->n++] = HIDDEN(type);
}

mp_obj_t mp_weak_classes(void) {
    mp_obj_t all = mp_obj_new_list(0, NULL);
    class_list_t *classes = MP_STATE_VM(weak_class_list);
    for (size_t i = 0; classes != NULL && i < classes->n; i++) {
        if (classes->hidden[i] != NOTHING) {
            mp_obj_list_append(all, MP_OBJ_FROM_PTR(SHOWN(classes->hidden[i])));
        }
    }
    return all;
}

// The module ----------------------------------------------------------------------------------------------------------

static mp_obj_t getweakrefs(mp_obj_t o) {
    mp_obj_t all = mp_obj_new_list(0, NULL);
    for (uintptr_t each = mp_obj_is_obj(o) ? *bucket_of(MP_OBJ_TO_PTR(o)) : NOTHING; each != NOTHING;) {
        mp_obj_weakref_t *ref = SHOWN(each);
        if (ref->of == HIDDEN(MP_OBJ_TO_PTR(o))) {
            mp_obj_list_append(all, ref->outer);
        }
        each = ref->next;
    }
    return all;
}
static MP_DEFINE_CONST_FUN_OBJ_1(getweakrefs_obj, getweakrefs);

static mp_obj_t getweakrefcount(mp_obj_t o) {
    return mp_obj_len(getweakrefs(o));
}
static MP_DEFINE_CONST_FUN_OBJ_1(getweakrefcount_obj, getweakrefcount);

static const mp_rom_map_elem_t weak_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__weak)},
    {MP_ROM_QSTR(MP_QSTR_ref), MP_ROM_PTR(&mp_type_weakref)},
    {MP_ROM_QSTR(MP_QSTR_getweakrefs), MP_ROM_PTR(&getweakrefs_obj)},
    {MP_ROM_QSTR(MP_QSTR_getweakrefcount), MP_ROM_PTR(&getweakrefcount_obj)},
};
static MP_DEFINE_CONST_DICT(weak_globals, weak_globals_table);

const mp_obj_module_t weak_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&weak_globals,
};

MP_REGISTER_MODULE(MP_QSTR__weak, weak_module);
