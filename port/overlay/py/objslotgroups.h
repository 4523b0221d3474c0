// objslotgroups.h - groups of operations that types have together. For
// objslot.c and objslotops.c.

#ifndef PYMNET_OBJSLOTGROUPS_H
#define PYMNET_OBJSLOTGROUPS_H

#include "py/obj.h"

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
#define BIND (1u << 23) // __get__ of functions and other descriptors
#define DATA (1u << 24) // __set__, __delete__

#define SEQUENCE (COMPARISON | LEN | GETITEM | CONTAINS | ITER | CONCAT | REPR)
#define SET (COMPARISON | LEN | CONTAINS | ITER | SETS | REPR)

// The groups that a native type itself has: a type's C functions say so only
// when called.
uint32_t mp_slot_groups(const mp_obj_type_t *type);

#endif // PYMNET_OBJSLOTGROUPS_H
