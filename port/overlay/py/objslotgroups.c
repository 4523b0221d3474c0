// objslotgroups.c - see objslotgroups.h.

#include "py/objslotgroups.h"
#include "py/objmappingproxy.h"

static const struct {
    const mp_obj_type_t *type;
    uint32_t groups;
} table[] = {
    {&mp_type_object, COMPARISON | HASH | REPR | STR | FORMAT},
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

uint32_t mp_slot_groups(const mp_obj_type_t *type) {
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
