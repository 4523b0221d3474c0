// calls.c - see calls.h.

#include "calls.h"
#include "fiber/fiber.h"

// The interpreter's loop (py/vm.c), under the name that mpconfigport.h gives it.
mp_vm_return_kind_t calls_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc);

const struct call *calls(void) {
    return fiber_calls;
}

// The loop catches exceptions raised in it, and always returns.
mp_vm_return_kind_t mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc) {
    const struct call call = {.state = state, .outer = fiber_calls};
    fiber_calls = &call;
    mp_vm_return_kind_t kind = calls_mp_execute_bytecode(state, inject_exc);
    fiber_calls = call.outer;
    return kind;
}
