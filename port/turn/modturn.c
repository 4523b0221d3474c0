// modturn.c - the module `_turn`, of images whose unikernel.toml says `preemption`: other fibers run while one
// computes in the application's code. Only there: the stack and the library are written for fibers that switch where
// they wait.

#include "calls.h"
#include "py/objfun.h"
#include "py/runtime.h"
#include "turn.h"

MP_REGISTER_ROOT_POINTER(qstr *turn_files);
static size_t n_files;

// The file of the application, or code that it has compiled: "<string>".
static bool is_of_the_application(qstr file) {
    for (size_t i = 0; i < n_files; i++) {
        if (MP_STATE_VM(turn_files)[i] == file) {
            return true;
        }
    }
    return qstr_str(file)[0] == '<';
}

// The top level of a module that is being imported, which others must not see half done.
static bool is_import(const mp_code_state_t *state) {
    const byte *ip = state->fun_bc->bytecode;
    MP_BC_PRELUDE_SIG_DECODE(ip);
    MP_BC_PRELUDE_SIZE_DECODE(ip);
    const qstr_short_t *names = state->fun_bc->context->constants.qstr_table;
    if (names[mp_decode_uint_value(ip)] != MP_QSTR__lt_module_gt_) {
        return false;
    }
    mp_map_t *globals = &state->fun_bc->context->module.globals->map;
    mp_map_elem_t *name = mp_map_lookup(globals, MP_OBJ_NEW_QSTR(MP_QSTR___name__), MP_MAP_LOOKUP);
    return name != NULL && name->value != MP_OBJ_NEW_QSTR(MP_QSTR___main__);
}

static bool may_end(const struct call *innermost) {
    if (innermost == NULL || !is_of_the_application(innermost->state->fun_bc->context->constants.qstr_table[0])) {
        return false;
    }
    for (const struct call *call = innermost; call != NULL; call = call->outer) {
        if (is_import(call->state)) {
            return false;
        }
    }
    return true;
}

// start(files): those are the application's, by their names in tracebacks
static mp_obj_t turn_start(mp_obj_t files_in) {
    size_t n;
    mp_obj_t *files;
    mp_obj_get_array(files_in, &n, &files);
    qstr *names = m_new(qstr, n);
    for (size_t i = 0; i < n; i++) {
        names[i] = mp_obj_str_get_qstr(files[i]);
    }
    MP_STATE_VM(turn_files) = names;
    n_files = n;
    turn_may_end = may_end;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(turn_start_obj, turn_start);

static const mp_rom_map_elem_t turn_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__turn)},
    {MP_ROM_QSTR(MP_QSTR_start), MP_ROM_PTR(&turn_start_obj)},
};
static MP_DEFINE_CONST_DICT(turn_globals, turn_globals_table);

const mp_obj_module_t turn_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&turn_globals,
};
MP_REGISTER_MODULE(MP_QSTR__turn, turn_module);
