// objslot.h - the operations of built-in types as attributes: int.__add__, "a".__len__(), object.__repr__.

#ifndef PYMNET_OBJSLOT_H
#define PYMNET_OBJSLOT_H

#include "py/obj.h"

// The attribute that a native type, one that it derives from, or `object` has because of its operations: a wrapper, the
// same each time; None where the type cannot be hashed; MP_OBJ_NULL if there is none.
mp_obj_t mp_slot_of(const mp_obj_type_t *type, qstr attr);

// Calls `found` with the name and the wrapper of each operation that the type itself has.
void mp_slots_each(const mp_obj_type_t *type, void (*found)(mp_obj_t into, qstr name, mp_obj_t slot), mp_obj_t into);

// A name that begins with two underscores: only such a name can be that of an operation.
bool mp_slot_is_name(qstr attr);

extern const mp_obj_type_t mp_type_slot_wrapper;

#endif // PYMNET_OBJSLOT_H
