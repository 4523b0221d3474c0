// objslotops.h - what the operations of built-in types do, by name. For
// objslot.c.

#ifndef PYMNET_OBJSLOTOPS_H
#define PYMNET_OBJSLOTOPS_H

#include "py/obj.h"

typedef struct {
    enum { UNARY, BINARY, METHOD } form;
    uint8_t op; // mp_unary_op_t, mp_binary_op_t or an index into the methods
} mp_slot_operation_t;

// The operation of a name and the groups that have it; 0 if it is the name of
// none.
uint32_t mp_slot_operation(qstr name, mp_slot_operation_t *operation);

// The names, by number from 0 on; MP_QSTRnull for some of them. False behind
// the last one.
bool mp_slot_name(size_t number, qstr *name);

// Carries out what `type` does for the operation; args[0] is the part that it
// works on.
mp_obj_t mp_slot_operate(const mp_obj_type_t *type, qstr name, mp_slot_operation_t operation, size_t n_args,
    size_t n_kw, const mp_obj_t *args);

#endif // PYMNET_OBJSLOTOPS_H
