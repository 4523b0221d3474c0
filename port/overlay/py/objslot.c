// objslot.c - see objslot.h.

#include <string.h>

#include "py/cstack.h"
#include "py/objslot.h"
#include "py/objslotgroups.h"
#include "py/objslotops.h"
#include "py/objtype.h"
#include "py/runtime.h"

typedef struct {
    mp_obj_base_t base;
    const mp_obj_type_t *type;
    qstr name;
    mp_slot_operation_t operation;
} mp_obj_slot_t;

// The part of the argument that the type's C functions work on.
static mp_obj_t checked_self(const mp_obj_slot_t *self, size_t n_args, const mp_obj_t *args) {
    if (n_args == 0) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("descriptor '%q' of '%q' object needs an argument"),
            self->name, self->type->name);
    }
    if (self->type == &mp_type_object) {
        return args[0];
    }
    mp_obj_t part = mp_obj_native_part(args[0]);
    bool is_class = self->type == &mp_type_type && mp_obj_is_class(part);
    if (!is_class && !mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(mp_obj_get_type(part)), MP_OBJ_FROM_PTR(self->type))) {
        mp_raise_msg_varg(&mp_type_TypeError,
            MP_ERROR_TEXT("descriptor '%q' requires a '%q' object but received a '%s'"), self->name, self->type->name,
            mp_obj_get_type_str(args[0]));
    }
    return part;
}

static mp_obj_t slot_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_cstack_check();
    const mp_obj_slot_t *self = MP_OBJ_TO_PTR(self_in);
    mp_obj_t part = checked_self(self, n_args, args);
    if (part == args[0]) {
        return mp_slot_operate(self->type, self->name, self->operation, n_args, n_kw, args);
    }
    mp_obj_t *all = m_new(mp_obj_t, n_args + 2 * n_kw);
    memcpy(all, args, (n_args + 2 * n_kw) * sizeof(mp_obj_t));
    all[0] = part;
    return mp_slot_operate(self->type, self->name, self->operation, n_args, n_kw, all);
}

static void slot_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    const mp_obj_slot_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<slot wrapper '%q' of '%q' objects>", self->name, self->type->name);
}

static void slot_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    const mp_obj_slot_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    if (attr == MP_QSTR___name__ || attr == MP_QSTR___qualname__) {
        dest[0] = MP_OBJ_NEW_QSTR(self->name);
    } else if (attr == MP_QSTR___objclass__) {
        dest[0] = MP_OBJ_FROM_PTR(self->type);
    } else if (attr == MP_QSTR___doc__) {
        dest[0] = mp_const_none;
    }
}

MP_DEFINE_CONST_OBJ_TYPE(mp_type_slot_wrapper, MP_QSTR_wrapper_descriptor, MP_TYPE_FLAG_BINDS_SELF, print, slot_print,
    attr, slot_attr, call, slot_call);

// Wrappers that were asked for, by type and name: int.__add__ is int.__add__.
static mp_obj_t wrapper(const mp_obj_type_t *type, qstr name, mp_slot_operation_t operation) {
    if (MP_STATE_VM(slot_wrappers) == MP_OBJ_NULL) {
        MP_STATE_VM(slot_wrappers) = mp_obj_new_dict(0);
    }
    mp_obj_t key = MP_OBJ_NEW_SMALL_INT((uintptr_t)type << 9 | (uintptr_t)operation.form << 7 | operation.op);
    mp_map_elem_t *elem =
        mp_map_lookup(mp_obj_dict_get_map(MP_STATE_VM(slot_wrappers)), key, MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);
    if (elem->value == MP_OBJ_NULL || elem->value == mp_const_none) {
        elem->value = mp_const_none; // if there is no memory for the wrapper
        mp_obj_slot_t *slot = mp_obj_malloc(mp_obj_slot_t, &mp_type_slot_wrapper);
        slot->type = type;
        slot->name = name;
        slot->operation = operation;
        elem->value = MP_OBJ_FROM_PTR(slot);
    }
    return elem->value;
}

MP_REGISTER_ROOT_POINTER(mp_obj_t slot_wrappers);

bool mp_slot_is_name(qstr attr) {
    const char *text = qstr_str(attr);
    return text[0] == '_' && text[1] == '_';
}

static mp_obj_t own_slot(const mp_obj_type_t *type, qstr attr, mp_slot_operation_t operation, uint32_t wanted) {
    uint32_t found = mp_slot_groups(type) & wanted;
    if (found == 0 || (type == &mp_type_object && operation.form == UNARY && operation.op != MP_UNARY_OP_HASH)) {
        return MP_OBJ_NULL;
    }
    return found == NO_HASH ? mp_const_none : wrapper(type, attr, operation);
}

mp_obj_t mp_slot_of(const mp_obj_type_t *type, qstr attr) {
    mp_slot_operation_t operation;
    uint32_t wanted = mp_slot_is_name(attr) ? mp_slot_operation(attr, &operation) : 0;
    if (wanted == 0) {
        return MP_OBJ_NULL;
    }
    for (;;) {
        mp_obj_t slot = own_slot(type, attr, operation, wanted);
        if (slot != MP_OBJ_NULL || type == &mp_type_object) {
            return slot;
        }
        const mp_obj_type_t *parent = MP_OBJ_TYPE_GET_SLOT_OR_NULL(type, parent);
        // several bases of an exception in C are a tuple
        type = parent == NULL || parent->base.type == &mp_type_tuple ? &mp_type_object : parent;
    }
}

void mp_slots_each(const mp_obj_type_t *type, void (*found)(mp_obj_t into, qstr name, mp_obj_t slot), mp_obj_t into) {
    mp_slot_operation_t operation;
    qstr name;
    for (size_t i = 0; mp_slot_name(i, &name); i++) {
        uint32_t wanted = name == MP_QSTRnull ? 0 : mp_slot_operation(name, &operation);
        mp_obj_t slot = wanted == 0 ? MP_OBJ_NULL : own_slot(type, name, operation, wanted);
        if (slot != MP_OBJ_NULL) {
            found(into, name, slot);
        }
    }
}
