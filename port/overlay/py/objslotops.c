// objslotops.c - see objslotops.h.

#include "py/objslotops.h"
#include "py/builtin.h"
#include "py/objslotgroups.h"
#include "py/objtype.h"
#include "py/runtime.h"

// Methods
// -------------------------------------------------------------------------------------------------------------

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

// Names
// ---------------------------------------------------------------------------------------------------------------

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

uint32_t mp_slot_operation(qstr name, mp_slot_operation_t *operation) {
    for (size_t i = 0; i < MP_ARRAY_SIZE(methods); i++) {
        if (methods[i].name == name) {
            *operation = (mp_slot_operation_t) {METHOD, i};
            return methods[i].groups;
        }
    }
    for (size_t i = 0; i < MP_UNARY_OP_NUM_RUNTIME; i++) {
        if (mp_unary_op_method_name[i] == name) {
            *operation = (mp_slot_operation_t) {UNARY, i};
            return unary_groups(i);
        }
    }
    for (size_t i = 0; i < MP_BINARY_OP_NUM_RUNTIME; i++) {
        if (mp_binary_op_method_name[i] == name) {
            *operation = (mp_slot_operation_t) {BINARY, i};
            return binary_groups(i);
        }
    }
    return 0;
}

bool mp_slot_name(size_t number, qstr *name) {
    size_t unary = number - MP_ARRAY_SIZE(methods), binary = unary - MP_UNARY_OP_NUM_RUNTIME;
    *name = number < MP_ARRAY_SIZE(methods) ? methods[number].name
        : unary < MP_UNARY_OP_NUM_RUNTIME   ? mp_unary_op_method_name[unary]
        : binary < MP_BINARY_OP_NUM_RUNTIME ? mp_binary_op_method_name[binary]
                                            : MP_QSTRnull;
    return number < MP_ARRAY_SIZE(methods) || unary < MP_UNARY_OP_NUM_RUNTIME || binary < MP_BINARY_OP_NUM_RUNTIME;
}

// Defaults of object
// --------------------------------------------------------------------------------------------------

static mp_obj_t default_not_equal(mp_obj_t self, mp_obj_t other) {
    mp_obj_t method[3] = {MP_OBJ_NULL, MP_OBJ_NULL, other};
    mp_obj_load_special(self, MP_QSTR___eq__, method);
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

// Calls
// ---------------------------------------------------------------------------------------------------------------

// Does the operation know this right operand?  If not, the other one's turn
// comes: NotImplemented.
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

static mp_obj_t call_binary(const mp_obj_type_t *type, mp_binary_op_t op, mp_obj_t lhs, mp_obj_t rhs) {
    if (type == &mp_type_object) {
        return default_compare(op, lhs, rhs);
    }
    if (op == MP_BINARY_OP_CONTAINS) {
        return mp_binary_op(MP_BINARY_OP_IN, rhs, lhs);
    }
    rhs = mp_obj_native_part(rhs);
    if (!knows(type, op, rhs)) {
        return mp_const_notimplemented;
    }
    if (op >= MP_BINARY_OP_REVERSE_OR && op <= MP_BINARY_OP_REVERSE_POWER) {
        return mp_binary_op(op - MP_BINARY_OP_REVERSE_OR + MP_BINARY_OP_OR, rhs, lhs);
    }
    return mp_binary_op(op, lhs, rhs);
}

mp_obj_t mp_slot_operate(const mp_obj_type_t *type, qstr name, mp_slot_operation_t operation, size_t n_args,
    size_t n_kw, const mp_obj_t *args) {
    if (name == MP_QSTR___call__) {
        return mp_call_function_n_kw(args[0], n_args - 1, n_kw, args + 1);
    }
    bool is_method = operation.form == METHOD;
    size_t n_min = is_method ? methods[operation.op].n_min : operation.form == BINARY ? 2 : 1;
    size_t n_max = is_method ? methods[operation.op].n_max : name == MP_QSTR___pow__ ? 3 : n_min;
    mp_arg_check_num(n_args, n_kw, n_min, n_max, false);
    if (operation.form == UNARY) {
        // of object it is __hash__
        return type == &mp_type_object ? MP_OBJ_NEW_SMALL_INT((mp_uint_t)args[0] >> 4)
                                       : mp_unary_op(operation.op, args[0]);
    }
    if (operation.form == BINARY) {
        return n_args == 3 ? mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_builtin_pow_obj), 3, 0, args)
                           : call_binary(type, operation.op, args[0], args[1]);
    }
    return type == &mp_type_object ? default_method(name, args) : methods[operation.op].fun(n_args, args);
}
