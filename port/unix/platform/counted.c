// counted.c - the module `_counted`: what a piece of Python costs in bytecodes and calls, the same on every machine.
// Counts while nomem.c counts allocations. In MicroPython's unix build only: the linker (--wrap) puts the choice
// between the two loops in front of the interpreter's.

#include <string.h>
#include "calls.h"
#include "counted.h"
#include "py/objfun.h"
#include "py/runtime.h"

#define FUNCTIONS 2048 // a power of two; those beyond are counted in the sums only

mp_vm_return_kind_t __real_calls_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc);
mp_vm_return_kind_t __wrap_calls_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc);

struct function {
    const mp_obj_fun_bc_t *fun; // a copy of a closure's function counts as one of its own
    size_t bytecodes, calls, allocations;
};

static bool used;
static struct function functions[FUNCTIONS];
static size_t n_bytecodes, n_calls;

static struct function *entry(const mp_obj_fun_bc_t *fun) {
    size_t at = (uintptr_t)fun / sizeof(void *);
    for (size_t tried = 0; tried < FUNCTIONS; tried++) {
        struct function *function = &functions[(at + tried) % FUNCTIONS];
        if (function->fun == NULL || function->fun == fun) {
            function->fun = fun;
            return function;
        }
    }
    return NULL;
}

void counted_bytecode(const mp_code_state_t *state) {
    if (nomem_counts()) {
        n_bytecodes++;
        struct function *function = entry(state->fun_bc);
        if (function != NULL) {
            function->bytecodes++;
        }
    }
}

void counted_allocation(void) {
    const struct call *call = calls();
    struct function *function = call == NULL ? NULL : entry(call->state->fun_bc);
    if (function != NULL) {
        function->allocations++;
    }
}

mp_vm_return_kind_t __wrap_calls_mp_execute_bytecode(mp_code_state_t *state, volatile mp_obj_t inject_exc) {
    if (!used) {
        return __real_calls_mp_execute_bytecode(state, inject_exc);
    }
    if (nomem_counts()) {
        n_calls++;
        struct function *function = entry(state->fun_bc);
        if (function != NULL) {
            function->calls++;
        }
    }
    return counted_mp_execute_bytecode(state, inject_exc);
}

// use(): functions that are called from now on count
static mp_obj_t counted_use(void) {
    used = true;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(counted_use_obj, counted_use);

// take() -> (bytecodes, calls) since the last call
static mp_obj_t counted_take(void) {
    mp_obj_t pair[2] = {MP_OBJ_NEW_SMALL_INT((mp_int_t)n_bytecodes), MP_OBJ_NEW_SMALL_INT((mp_int_t)n_calls)};
    n_bytecodes = n_calls = 0;
    return mp_obj_new_tuple(2, pair);
}
static MP_DEFINE_CONST_FUN_OBJ_0(counted_take_obj, counted_take);

// functions() -> [(file, name, bytecodes, calls, allocations)] since the last call
static mp_obj_t counted_functions(void) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (size_t i = 0; i < FUNCTIONS; i++) {
        const struct function *function = &functions[i];
        if (function->fun != NULL) {
            const qstr_short_t *names = function->fun->context->constants.qstr_table;
            mp_obj_t items[5] = {
                MP_OBJ_NEW_QSTR(names[0]),
                MP_OBJ_NEW_QSTR(mp_obj_fun_get_name(MP_OBJ_FROM_PTR(function->fun))),
                MP_OBJ_NEW_SMALL_INT((mp_int_t)function->bytecodes),
                MP_OBJ_NEW_SMALL_INT((mp_int_t)function->calls),
                MP_OBJ_NEW_SMALL_INT((mp_int_t)function->allocations),
            };
            mp_obj_list_append(list, mp_obj_new_tuple(5, items));
        }
    }
    memset(functions, 0, sizeof(functions));
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_0(counted_functions_obj, counted_functions);

static const mp_rom_map_elem_t counted_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__counted)},
    {MP_ROM_QSTR(MP_QSTR_use), MP_ROM_PTR(&counted_use_obj)},
    {MP_ROM_QSTR(MP_QSTR_take), MP_ROM_PTR(&counted_take_obj)},
    {MP_ROM_QSTR(MP_QSTR_functions), MP_ROM_PTR(&counted_functions_obj)},
};
static MP_DEFINE_CONST_DICT(counted_globals, counted_globals_table);

const mp_obj_module_t counted_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&counted_globals,
};
MP_REGISTER_MODULE(MP_QSTR__counted, counted_module);
