// objmappingproxy.c - a view of a mapping that cannot change it; what a class has for its __dict__.

#include "py/objmappingproxy.h"
#include "py/objslot.h"
#include "py/objtype.h"
#include "py/runtime.h"

typedef struct {
    mp_obj_base_t base;
    mp_obj_t of;
} mp_obj_mappingproxy_t;

static mp_obj_t mapping_of(mp_obj_t o) {
    return mp_obj_is_type(o, &mp_type_mappingproxy) ? ((mp_obj_mappingproxy_t *)MP_OBJ_TO_PTR(o))->of : o;
}

mp_obj_t mp_obj_new_mappingproxy(mp_obj_t of) {
    mp_obj_mappingproxy_t *self = mp_obj_malloc(mp_obj_mappingproxy_t, &mp_type_mappingproxy);
    self->of = of;
    return MP_OBJ_FROM_PTR(self);
}

static void store_slot(mp_obj_t dict, qstr name, mp_obj_t slot) {
    mp_obj_dict_store(dict, MP_OBJ_NEW_QSTR(name), slot);
}

mp_obj_t mp_obj_type_namespace(const mp_obj_type_t *type) {
    mp_obj_dict_t *own = MP_OBJ_TYPE_GET_SLOT_OR_NULL(type, locals_dict);
    if (own != NULL && !own->map.is_fixed) {
        return mp_obj_new_mappingproxy(MP_OBJ_FROM_PTR(own));
    }
    mp_obj_t all = own == NULL ? mp_obj_new_dict(0) : mp_obj_dict_copy(MP_OBJ_FROM_PTR(own));
    mp_obj_dict_get_map(all)->is_fixed = 0;
    mp_slots_each(type, store_slot, all);
    mp_type_extensions_into(type, all);
    return mp_obj_new_mappingproxy(all);
}

static mp_obj_t mappingproxy_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    mp_obj_t dest[2];
    mp_load_method_maybe(args[0], MP_QSTR___getitem__, dest);
    if (dest[0] == MP_OBJ_NULL || mp_obj_is_type(args[0], &mp_type_list) || mp_obj_is_type(args[0], &mp_type_tuple)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("mappingproxy() argument must be a mapping, not %s"),
            mp_obj_get_type_str(args[0]));
    }
    return mp_obj_new_mappingproxy(args[0]);
}

static void mappingproxy_print(const mp_print_t *print, mp_obj_t self, mp_print_kind_t kind) {
    if (kind == PRINT_STR) {
        mp_obj_print_helper(print, mapping_of(self), PRINT_STR);
        return;
    }
    mp_print_str(print, "mappingproxy(");
    mp_obj_print_helper(print, mapping_of(self), PRINT_REPR);
    mp_print_str(print, ")");
}

static mp_obj_t mappingproxy_unary_op(mp_unary_op_t op, mp_obj_t self) {
    return op == MP_UNARY_OP_LEN || op == MP_UNARY_OP_BOOL || op == MP_UNARY_OP_HASH ? mp_unary_op(op, mapping_of(self))
                                                                                     : MP_OBJ_NULL;
}

static mp_obj_t mappingproxy_binary_op(mp_binary_op_t op, mp_obj_t lhs, mp_obj_t rhs) {
    if (op == MP_BINARY_OP_CONTAINS) {
        return mp_binary_op(MP_BINARY_OP_IN, rhs, mapping_of(lhs));
    }
    if (op == MP_BINARY_OP_INPLACE_OR) {
        mp_raise_TypeError(MP_ERROR_TEXT("'|=' is not supported by mappingproxy; use '|' instead"));
    }
    if (op == MP_BINARY_OP_EQUAL || op == MP_BINARY_OP_OR) {
        return mp_binary_op(op, mapping_of(lhs), mapping_of(rhs));
    }
    if (op == MP_BINARY_OP_REVERSE_OR) {
        return mp_binary_op(MP_BINARY_OP_OR, mapping_of(rhs), mapping_of(lhs));
    }
    return MP_OBJ_NULL;
}

static mp_obj_t mappingproxy_subscr(mp_obj_t self, mp_obj_t index, mp_obj_t value) {
    return value == MP_OBJ_SENTINEL ? mp_obj_subscr(mapping_of(self), index, value) : MP_OBJ_NULL;
}

static mp_obj_t mappingproxy_getiter(mp_obj_t self, mp_obj_iter_buf_t *iter_buf) {
    return mp_getiter(mapping_of(self), iter_buf);
}

// Methods that are the mapping's own.
static mp_obj_t forward(size_t n_args, const mp_obj_t *args, qstr name) {
    mp_obj_t method[4] = {
        MP_OBJ_NULL, MP_OBJ_NULL, n_args > 1 ? args[1] : MP_OBJ_NULL, n_args > 2 ? args[2] : MP_OBJ_NULL};
    mp_load_method(mapping_of(args[0]), name, method);
    return mp_call_method_n_kw(n_args - 1, 0, method);
}

static mp_obj_t mappingproxy_get(size_t n_args, const mp_obj_t *args) {
    return forward(n_args, args, MP_QSTR_get);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mappingproxy_get_obj, 2, 3, mappingproxy_get);

static mp_obj_t mappingproxy_keys(mp_obj_t self) {
    return forward(1, &self, MP_QSTR_keys);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mappingproxy_keys_obj, mappingproxy_keys);

static mp_obj_t mappingproxy_values(mp_obj_t self) {
    return forward(1, &self, MP_QSTR_values);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mappingproxy_values_obj, mappingproxy_values);

static mp_obj_t mappingproxy_items(mp_obj_t self) {
    return forward(1, &self, MP_QSTR_items);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mappingproxy_items_obj, mappingproxy_items);

static mp_obj_t mappingproxy_copy(mp_obj_t self) {
    return forward(1, &self, MP_QSTR_copy);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mappingproxy_copy_obj, mappingproxy_copy);

static const mp_rom_map_elem_t mappingproxy_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_get), MP_ROM_PTR(&mappingproxy_get_obj)},
    {MP_ROM_QSTR(MP_QSTR_keys), MP_ROM_PTR(&mappingproxy_keys_obj)},
    {MP_ROM_QSTR(MP_QSTR_values), MP_ROM_PTR(&mappingproxy_values_obj)},
    {MP_ROM_QSTR(MP_QSTR_items), MP_ROM_PTR(&mappingproxy_items_obj)},
    {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&mappingproxy_copy_obj)},
};
static MP_DEFINE_CONST_DICT(mappingproxy_locals, mappingproxy_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(mp_type_mappingproxy, MP_QSTR_mappingproxy, MP_TYPE_FLAG_EQ_CHECKS_OTHER_TYPE, make_new,
    mappingproxy_make_new, print, mappingproxy_print, unary_op, mappingproxy_unary_op, binary_op,
    mappingproxy_binary_op, subscr, mappingproxy_subscr, iter, mappingproxy_getiter, locals_dict, &mappingproxy_locals);
