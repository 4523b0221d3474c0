// objslot.c - see objslot.h. Which operations a type has is a table: a type's C function says so only when called.

#include "py/builtin.h"
#include "py/objmappingproxy.h"
#include "py/objslot.h"
#include "py/objtype.h"
#include "py/runtime.h"

// Groups of operations that types have together -----------------------------------------------------------------------

#define ARITHMETIC (1u << 0) // + - * / ** and theirs of the right operand; neg, pos, abs, bool
#define DIVISION (1u << 1)   // // % divmod, int, float
#define BITS (1u << 2)       // & | ^ << >> ~, index
#define COMPARISON (1u << 3)
#define HASH (1u << 4)
#define NO_HASH (1u << 5) // __hash__ is None
#define LEN (1u << 6)
#define GETITEM (1u << 7)
#define SETITEM (1u << 8)
#define CONTAINS (1u << 9)
#define ITER (1u << 10)
#define NEXT (1u << 11)
#define REVERSED (1u << 12)
#define CONCAT (1u << 13)   // + and * of sequences
#define IN_PLACE (1u << 14) // += and *= of sequences
#define SETS (1u << 15)     // & | ^ - of sets
#define SETS_IN_PLACE (1u << 16)
#define UNION (1u << 17) // | of dictionaries
#define PERCENT (1u << 18)
#define CALL (1u << 19)
#define REPR (1u << 20)
#define STR (1u << 21)
#define FORMAT (1u << 22)
#define DEFAULTS (1u << 23) // what object has, and every class overrides if it likes

#define BIND (1u << 24) // __get__ of functions and other descriptors
#define DATA (1u << 25) // __set__, __delete__

#define SEQUENCE (COMPARISON | LEN | GETITEM | CONTAINS | ITER | CONCAT | REPR)
#define SET (COMPARISON | LEN | CONTAINS | ITER | SETS | REPR)

static const struct {
    const mp_obj_type_t *type;
    uint32_t groups;
} table[] = {
    {&mp_type_object, COMPARISON | HASH | REPR | STR | FORMAT | DEFAULTS},
    {&mp_type_int, ARITHMETIC | DIVISION | BITS | COMPARISON | HASH | REPR | FORMAT},
    {&mp_type_bool, REPR},
#if MICROPY_PY_BUILTINS_FLOAT
    {&mp_type_float, ARITHMETIC | DIVISION | COMPARISON | HASH | REPR | FORMAT},
#endif
#if MICROPY_PY_BUILTINS_COMPLEX
    {&mp_type_complex, ARITHMETIC | COMPARISON | HASH | REPR | FORMAT},
#endif
    {&mp_type_str, SEQUENCE | HASH | PERCENT | STR | FORMAT},
    {&mp_type_bytes, SEQUENCE | HASH | PERCENT | STR},
#if MICROPY_PY_BUILTINS_BYTEARRAY
    {&mp_type_bytearray, SEQUENCE | NO_HASH | SETITEM | IN_PLACE | PERCENT | STR},
#endif
#if MICROPY_PY_BUILTINS_MEMORYVIEW
    {&mp_type_memoryview, COMPARISON | HASH | LEN | GETITEM | SETITEM | REPR},
#endif
    {&mp_type_tuple, SEQUENCE | HASH},
    {&mp_type_list, SEQUENCE | NO_HASH | SETITEM | IN_PLACE | REVERSED},
    {&mp_type_dict, COMPARISON | NO_HASH | LEN | GETITEM | SETITEM | CONTAINS | ITER | REVERSED | UNION | REPR},
    {&mp_type_set, SET | NO_HASH | SETS_IN_PLACE},
#if MICROPY_PY_BUILTINS_FROZENSET
    {&mp_type_frozenset, SET | HASH},
#endif
    {&mp_type_range, COMPARISON | HASH | LEN | GETITEM | CONTAINS | ITER | REVERSED | REPR},
    {&mp_type_slice, COMPARISON | NO_HASH | REPR},
    {&mp_type_dict_keys, SET | NO_HASH | REVERSED},
    {&mp_type_dict_items, SET | NO_HASH | REVERSED},
    {&mp_type_dict_values, LEN | ITER | REVERSED | REPR},
    {&mp_type_mappingproxy, COMPARISON | LEN | GETITEM | CONTAINS | ITER | REVERSED | UNION | REPR},
    {&mp_type_property, BIND | DATA},
    {&mp_type_classmethod, BIND},
    {&mp_type_staticmethod, BIND | CALL},
    {&mp_type_type, CALL | REPR | UNION},
    {&mp_type_BaseException, REPR | STR},
};

static uint32_t groups_of(const mp_obj_type_t *type) {
    for (size_t i = 0; i < MP_ARRAY_SIZE(table); i++) {
        if (table[i].type == type) {
            return table[i].groups;
        }
    }
    uint32_t groups = MP_OBJ_TYPE_HAS_SLOT(type, call) ? CALL : 0;
    if (type->flags & MP_TYPE_FLAG_BINDS_SELF) {
        groups |= BIND;
    }
    unsigned int iterates = type->flags & MP_TYPE_FLAG_ITER_IS_STREAM;
    if (iterates == MP_TYPE_FLAG_ITER_IS_STREAM || MP_OBJ_TYPE_HAS_SLOT(type, iter)) {
        groups |= iterates == MP_TYPE_FLAG_ITER_IS_GETITER ? ITER : ITER | NEXT;
    }
    if (MP_OBJ_TYPE_HAS_SLOT(type, print)) {
        groups |= REPR;
    }
    if (MP_OBJ_TYPE_HAS_SLOT(type, subscr)) {
        groups |= GETITEM;
    }
    return groups;
}

// The operations ------------------------------------------------------------------------------------------------------

typedef enum { UNARY, BINARY, METHOD } form_t;

typedef struct {
    form_t form;
    uint8_t op; // mp_unary_op_t, mp_binary_op_t or an index into methods[]
} operation_t;

static mp_obj_t slot_getitem(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_obj_subscr(args[0], args[1], MP_OBJ_SENTINEL);
}

static mp_obj_t slot_setitem(size_t n, const mp_obj_t *args) {
    (void)n;
    mp_obj_subscr(args[0], args[1], args[2]);
    return mp_const_none;
}

static mp_obj_t slot_delitem(size_t n, const mp_obj_t *args) {
    (void)n;
    mp_obj_subscr(args[0], args[1], MP_OBJ_NULL);
    return mp_const_none;
}

static mp_obj_t slot_iter(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_getiter(args[0], NULL);
}

static mp_obj_t slot_next(size_t n, const mp_obj_t *args) {
    (void)n;
    mp_obj_t next = mp_iternext_allow_raise(args[0]);
    if (next == MP_OBJ_STOP_ITERATION) {
        mp_raise_StopIteration(MP_STATE_THREAD(stop_iteration_arg));
    }
    return next;
}

static mp_obj_t slot_reversed(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_reversed), args[0]);
}

static mp_obj_t printed(mp_obj_t o, mp_print_kind_t kind) {
    vstr_t vstr;
    mp_print_t print;
    vstr_init_print(&vstr, 16, &print);
    mp_obj_print_helper(&print, o, kind);
    return mp_obj_new_str_from_utf8_vstr(&vstr);
}

static mp_obj_t slot_repr(size_t n, const mp_obj_t *args) {
    (void)n;
    return printed(args[0], PRINT_REPR);
}

static mp_obj_t slot_str(size_t n, const mp_obj_t *args) {
    (void)n;
    return printed(args[0], PRINT_STR);
}

static mp_obj_t slot_format(size_t n, const mp_obj_t *args) {
    (void)n;
    mp_obj_t method[4] = {MP_OBJ_NULL, MP_OBJ_NULL, args[0]};
    vstr_t text;
    size_t len;
    const char *spec = mp_obj_str_get_data(args[1], &len);
    vstr_init(&text, len + 3);
    vstr_printf(&text, "{:%.*s}", (int)len, spec);
    mp_load_method(mp_obj_new_str_from_utf8_vstr(&text), MP_QSTR_format, method);
    return mp_call_method_n_kw(1, 0, method);
}

static mp_obj_t slot_round(size_t n, const mp_obj_t *args) {
    return mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_builtin_round_obj), n, 0, args);
}

static mp_obj_t slot_int(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_int), args[0]);
}

static mp_obj_t slot_float(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_float), args[0]);
}

// divmod() with the operands the other way round
static mp_obj_t slot_rdivmod(size_t n, const mp_obj_t *args) {
    (void)n;
    return mp_obj_is_int(args[1]) || mp_obj_is_float(args[1]) ? mp_binary_op(MP_BINARY_OP_DIVMOD, args[1], args[0])
                                                              : mp_const_notimplemented;
}

// descriptor.__get__(instance, owner)
static mp_obj_t slot_get(size_t n, const mp_obj_t *args) {
    mp_obj_t owner = n > 2 && args[2] != mp_const_none ? args[2] : MP_OBJ_FROM_PTR(mp_obj_get_type(args[1]));
    if (mp_obj_is_type(args[0], &mp_type_classmethod) || mp_obj_is_type(args[0], &mp_type_staticmethod)) {
        mp_obj_t fun = ((mp_obj_static_class_method_t *)MP_OBJ_TO_PTR(args[0]))->fun;
        return mp_obj_is_type(args[0], &mp_type_staticmethod) ? fun : mp_obj_new_bound_meth(fun, owner);
    }
    if (args[1] == mp_const_none && (n < 3 || args[2] != MP_OBJ_FROM_PTR(&mp_type_NoneType))) {
        return args[0];
    }
    return mp_obj_is_type(args[0], &mp_type_property) ? mp_obj_property_load(args[0], args[1])
                                                      : mp_obj_new_bound_meth(args[0], args[1]);
}

static mp_obj_t slot_set(size_t n, const mp_obj_t *args) {
    mp_obj_property_store(args[0], args[1], n > 2 ? args[2] : MP_OBJ_NULL);
    return mp_const_none;
}

static const struct {
    uint16_t name;
    uint8_t n_min, n_max; // arguments, self among them
    uint32_t groups;      // that have it
    mp_obj_t (*fun)(size_t n, const mp_obj_t *args);
} methods[] = {
    {MP_QSTR___getitem__, 2, 2, GETITEM, slot_getitem},
    {MP_QSTR___setitem__, 3, 3, SETITEM, slot_setitem},
    {MP_QSTR___delitem__, 2, 2, SETITEM, slot_delitem},
    {MP_QSTR___iter__, 1, 1, ITER, slot_iter},
    {MP_QSTR___next__, 1, 1, NEXT, slot_next},
    {MP_QSTR___reversed__, 1, 1, REVERSED, slot_reversed},
    {MP_QSTR___repr__, 1, 1, REPR, slot_repr},
    {MP_QSTR___str__, 1, 1, STR, slot_str},
    {MP_QSTR___format__, 2, 2, FORMAT, slot_format},
    {MP_QSTR___index__, 1, 1, BITS, slot_int},
    {MP_QSTR___int__, 1, 1, DIVISION, slot_int},
    {MP_QSTR___trunc__, 1, 1, DIVISION, slot_int},
    {MP_QSTR___float__, 1, 1, DIVISION, slot_float},
    {MP_QSTR___round__, 1, 2, DIVISION, slot_round},
    {MP_QSTR___rdivmod__, 2, 2, DIVISION, slot_rdivmod},
    {MP_QSTR___get__, 2, 3, BIND, slot_get},
    {MP_QSTR___set__, 3, 3, DATA, slot_set},
    {MP_QSTR___delete__, 2, 2, DATA, slot_set},
    {MP_QSTR___call__, 1, 255, CALL, NULL},
};

// The groups that have an operator; 0 for none.
static uint32_t unary_groups(mp_unary_op_t op) {
    switch (op) {
    case MP_UNARY_OP_HASH: return HASH | NO_HASH;
    case MP_UNARY_OP_LEN: return LEN;
    case MP_UNARY_OP_INVERT: return BITS;
    case MP_UNARY_OP_BOOL:
    case MP_UNARY_OP_POSITIVE:
    case MP_UNARY_OP_NEGATIVE:
    case MP_UNARY_OP_ABS: return ARITHMETIC;
    default: return 0;
    }
}

static uint32_t binary_groups(mp_binary_op_t op) {
    if (op <= MP_BINARY_OP_NOT_EQUAL) {
        return COMPARISON;
    }
    if (op >= MP_BINARY_OP_REVERSE_OR && op <= MP_BINARY_OP_REVERSE_POWER) {
        uint32_t of_left = binary_groups(op - MP_BINARY_OP_REVERSE_OR + MP_BINARY_OP_OR);
        return op == MP_BINARY_OP_REVERSE_ADD ? of_left & ~CONCAT : of_left;
    }
    switch (op) {
    case MP_BINARY_OP_CONTAINS: return CONTAINS;
    case MP_BINARY_OP_INPLACE_ADD:
    case MP_BINARY_OP_INPLACE_MULTIPLY: return IN_PLACE;
    case MP_BINARY_OP_INPLACE_OR: return SETS_IN_PLACE | UNION;
    case MP_BINARY_OP_INPLACE_AND:
    case MP_BINARY_OP_INPLACE_XOR:
    case MP_BINARY_OP_INPLACE_SUBTRACT: return SETS_IN_PLACE;
    case MP_BINARY_OP_ADD:
    case MP_BINARY_OP_MULTIPLY: return ARITHMETIC | CONCAT;
    case MP_BINARY_OP_SUBTRACT: return ARITHMETIC | SETS;
    case MP_BINARY_OP_TRUE_DIVIDE:
    case MP_BINARY_OP_POWER: return ARITHMETIC;
    case MP_BINARY_OP_FLOOR_DIVIDE:
    case MP_BINARY_OP_DIVMOD: return DIVISION;
    case MP_BINARY_OP_MODULO: return DIVISION | PERCENT;
    case MP_BINARY_OP_OR: return BITS | SETS | UNION;
    case MP_BINARY_OP_AND:
    case MP_BINARY_OP_XOR: return BITS | SETS;
    case MP_BINARY_OP_LSHIFT:
    case MP_BINARY_OP_RSHIFT: return BITS;
    default: return 0;
    }
}

// The operation of a name and the groups that have it; 0 if it is the name of none.
static uint32_t operation_named(qstr name, operation_t *operation) {
    for (size_t i = 0; i < MP_ARRAY_SIZE(methods); i++) {
        if (methods[i].name == name) {
            *operation = (operation_t) {METHOD, i};
            return methods[i].groups;
        }
    }
    for (size_t i = 0; i < MP_UNARY_OP_NUM_RUNTIME; i++) {
        if (mp_unary_op_method_name[i] == name) {
            *operation = (operation_t) {UNARY, i};
            return unary_groups(i);
        }
    }
    for (size_t i = 0; i < MP_BINARY_OP_NUM_RUNTIME; i++) {
        if (mp_binary_op_method_name[i] == name) {
            *operation = (operation_t) {BINARY, i};
            return binary_groups(i);
        }
    }
    return 0;
}

// Defaults of object --------------------------------------------------------------------------------------------------

static mp_obj_t default_not_equal(mp_obj_t self, mp_obj_t other) {
    mp_obj_t method[3] = {MP_OBJ_NULL, MP_OBJ_NULL, other};
    mp_load_method(self, MP_QSTR___eq__, method);
    mp_obj_t equal = mp_call_method_n_kw(1, 0, method);
    return equal == mp_const_notimplemented ? equal : mp_obj_new_bool(!mp_obj_is_true(equal));
}

static mp_obj_t default_compare(mp_binary_op_t op, mp_obj_t self, mp_obj_t other) {
    if (op == MP_BINARY_OP_NOT_EQUAL) {
        return default_not_equal(self, other);
    }
    return op == MP_BINARY_OP_EQUAL && self == other ? mp_const_true : mp_const_notimplemented;
}

static mp_obj_t default_method(qstr name, const mp_obj_t *args) {
    switch (name) {
    case MP_QSTR___repr__: {
        vstr_t vstr;
        mp_print_t print;
        vstr_init_print(&vstr, 32, &print);
        mp_obj_print_default(&print, args[0]);
        return mp_obj_new_str_from_utf8_vstr(&vstr);
    }
    case MP_QSTR___str__: return printed(args[0], PRINT_REPR);
    default: { // __format__
        if (mp_obj_is_true(args[1])) {
            mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("unsupported format string passed to %s.__format__"),
                mp_obj_get_type_str(args[0]));
        }
        return printed(args[0], PRINT_STR);
    }
    }
}

// Wrappers ------------------------------------------------------------------------------------------------------------

typedef struct {
    mp_obj_base_t base;
    const mp_obj_type_t *type;
    qstr name;
    operation_t operation;
} mp_obj_slot_t;

// Does the operation know this right operand?  If not, the other one's turn comes: NotImplemented.
static bool knows(const mp_obj_type_t *type, mp_binary_op_t op, mp_obj_t rhs) {
    if (type == &mp_type_int) {
        return mp_obj_is_int(rhs) || mp_obj_is_bool(rhs);
    }
    if (type == &mp_type_float) {
        return mp_obj_is_int(rhs) || mp_obj_is_bool(rhs) || mp_obj_is_float(rhs);
    }
    if (type == &mp_type_complex) {
        return mp_obj_is_int(rhs) || mp_obj_is_bool(rhs) || mp_obj_is_float(rhs)
            || mp_obj_is_type(rhs, &mp_type_complex);
    }
    mp_const_obj_t class = MP_OBJ_FROM_PTR(mp_obj_get_type(rhs));
#if MICROPY_PY_BUILTINS_FROZENSET
    if (type == &mp_type_set || type == &mp_type_frozenset) {
        return op == MP_BINARY_OP_CONTAINS || class == &mp_type_set || class == &mp_type_frozenset;
    }
#endif
    if (op <= MP_BINARY_OP_NOT_EQUAL || (type == &mp_type_dict && op == MP_BINARY_OP_OR)) {
        bool ordered =
            type != &mp_type_dict || op == MP_BINARY_OP_EQUAL || op == MP_BINARY_OP_NOT_EQUAL || op == MP_BINARY_OP_OR;
        return ordered && mp_obj_is_subclass_fast(class, MP_OBJ_FROM_PTR(type));
    }
    return true;
}

static mp_obj_t call_binary(const mp_obj_slot_t *self, mp_obj_t lhs, mp_obj_t rhs) {
    mp_binary_op_t op = self->operation.op;
    if (self->type == &mp_type_object) {
        return default_compare(op, lhs, rhs);
    }
    if (op == MP_BINARY_OP_CONTAINS) {
        return mp_binary_op(MP_BINARY_OP_IN, rhs, lhs);
    }
    rhs = mp_obj_native_part(rhs);
    if (!knows(self->type, op, rhs)) {
        return mp_const_notimplemented;
    }
    if (op >= MP_BINARY_OP_REVERSE_OR && op <= MP_BINARY_OP_REVERSE_POWER) {
        return mp_binary_op(op - MP_BINARY_OP_REVERSE_OR + MP_BINARY_OP_OR, rhs, lhs);
    }
    return mp_binary_op(op, lhs, rhs);
}

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
    const operation_t *operation = &self->operation;
    if (self->name == MP_QSTR___call__) {
        return mp_call_function_n_kw(part, n_args - 1, n_kw, args + 1);
    }
    size_t n_min = operation->form == METHOD ? methods[operation->op].n_min : operation->form == BINARY ? 2 : 1;
    // pow() has a third argument
    size_t n_max = operation->form == METHOD ? methods[operation->op].n_max : self->name == MP_QSTR___pow__ ? 3 : n_min;
    mp_arg_check_num(n_args, n_kw, n_min, n_max, false);
    if (operation->form == UNARY) {
        if (self->type == &mp_type_object) { // __hash__
            return MP_OBJ_NEW_SMALL_INT((mp_uint_t)part >> 4);
        }
        return mp_unary_op(operation->op, part);
    }
    if (operation->form == BINARY) {
        if (n_args == 3) {
            mp_obj_t all[3] = {part, args[1], args[2]};
            return mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_builtin_pow_obj), 3, 0, all);
        }
        return call_binary(self, part, args[1]);
    }
    mp_obj_t all[3] = {part, n_args > 1 ? args[1] : MP_OBJ_NULL, n_args > 2 ? args[2] : MP_OBJ_NULL};
    return self->type == &mp_type_object ? default_method(self->name, all) : methods[operation->op].fun(n_args, all);
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
static mp_obj_t wrapper(const mp_obj_type_t *type, qstr name, operation_t operation) {
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

static mp_obj_t own_slot(const mp_obj_type_t *type, qstr attr, operation_t operation, uint32_t wanted) {
    uint32_t found = groups_of(type) & wanted;
    if (found == 0 || (type == &mp_type_object && operation.form == UNARY && operation.op != MP_UNARY_OP_HASH)) {
        return MP_OBJ_NULL;
    }
    return found == NO_HASH ? mp_const_none : wrapper(type, attr, operation);
}

mp_obj_t mp_slot_of(const mp_obj_type_t *type, qstr attr) {
    operation_t operation;
    uint32_t wanted = mp_slot_is_name(attr) ? operation_named(attr, &operation) : 0;
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
    operation_t operation;
    size_t n = MP_ARRAY_SIZE(methods) + MP_UNARY_OP_NUM_RUNTIME + MP_BINARY_OP_NUM_RUNTIME;
    for (size_t i = 0; i < n; i++) {
        size_t unary = i - MP_ARRAY_SIZE(methods), binary = unary - MP_UNARY_OP_NUM_RUNTIME;
        qstr name = i < MP_ARRAY_SIZE(methods) ? methods[i].name
            : unary < MP_UNARY_OP_NUM_RUNTIME  ? mp_unary_op_method_name[unary]
                                               : mp_binary_op_method_name[binary];
        uint32_t wanted = name == MP_QSTRnull ? 0 : operation_named(name, &operation);
        mp_obj_t slot = wanted == 0 ? MP_OBJ_NULL : own_slot(type, name, operation, wanted);
        if (slot != MP_OBJ_NULL) {
            found(into, name, slot);
        }
    }
}
