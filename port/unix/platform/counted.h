// counted.h - counts of bytecodes and calls, in MicroPython's unix build only (counted.c).

#ifndef PYMNET_COUNTED_H
#define PYMNET_COUNTED_H

#include "py/bc.h"

// The loop that counts (vm_counted.c), which calls counted_bytecode() before each bytecode.
mp_vm_return_kind_t counted_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc);
void counted_bytecode(const mp_code_state_t *state);

// An allocation of the innermost Python function (nomem.c).
void counted_allocation(void);

// Whether what happens now counts: between nomem's arm() or resume() and its pause() (nomem.c).
bool nomem_counts(void);

#endif // PYMNET_COUNTED_H
