// objframe.c - see objframe.h.

#include "py/objfun.h"
#include "py/objframe.h"
#include "py/objtuple.h"
#include "py/runtime.h"

// Frames --------------------------------------------------------------------------------------------------------------

// Fills in file, name and line, as the interpreter computes them for tracebacks (py/vm.c).
static void locate(mp_obj_frame_t *self, const mp_code_state_t *state) {
    const byte *ip = state->fun_bc->bytecode;
    MP_BC_PRELUDE_SIG_DECODE(ip);
    MP_BC_PRELUDE_SIZE_DECODE(ip);
    (void)n_state;
    (void)n_exc_stack;
    (void)scope_flags;
    (void)n_def_pos_args;
    const byte *line_info_top = ip + n_info, *start = ip + n_info + n_cell;
    qstr name = mp_decode_uint_value(ip);
    for (size_t i = 0; i < 1 + n_pos_args + n_kwonly_args; i++) {
        ip = mp_decode_uint_skip(ip);
    }
#if MICROPY_EMIT_BYTECODE_USES_QSTR_TABLE
    self->name = state->fun_bc->context->constants.qstr_table[name];
    self->file = state->fun_bc->context->constants.qstr_table[0];
#else
    self->name = name;
    self->file = state->fun_bc->context->constants.source_file;
#endif
    self->line = mp_bytecode_get_source_line(ip, line_info_top, state->ip - start);
}

mp_obj_t mp_obj_new_frame(const mp_code_state_t *state, mp_obj_t (*back)(const mp_code_state_t *state)) {
    mp_obj_frame_t *self = mp_obj_malloc(mp_obj_frame_t, &mp_type_frame);
    self->fun = state->fun_bc;
    self->state = state;
    self->back = back;
    locate(self, state);
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t frame_globals(const mp_obj_frame_t *self) {
    return self->fun == NULL ? mp_obj_new_dict(0) : MP_OBJ_FROM_PTR(self->fun->context->module.globals);
}

static mp_obj_t frame_code(const mp_obj_frame_t *self) {
    mp_obj_t dest[2] = {MP_OBJ_NULL, MP_OBJ_NULL};
    if (self->fun != NULL) {
        mp_load_method_maybe(MP_OBJ_FROM_PTR(self->fun), MP_QSTR___code__, dest);
    }
#if MICROPY_PY_ATTRTUPLE
    static const qstr fields[] = {MP_QSTR_co_filename, MP_QSTR_co_name, MP_QSTR_co_firstlineno};
    if (dest[0] == MP_OBJ_NULL) {
        mp_obj_t values[] = {
            MP_OBJ_NEW_QSTR(self->file), MP_OBJ_NEW_QSTR(self->name), MP_OBJ_NEW_SMALL_INT(self->line)};
        dest[0] = mp_obj_new_attrtuple(fields, MP_ARRAY_SIZE(fields), values);
    }
#endif
    return dest[0];
}

static void frame_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    const mp_obj_frame_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    switch (attr) {
    case MP_QSTR_f_back: dest[0] = self->back == NULL ? mp_const_none : self->back(self->state); break;
    case MP_QSTR_f_code: dest[0] = frame_code(self); break;
    case MP_QSTR_f_globals: dest[0] = frame_globals(self); break;
    case MP_QSTR_f_locals: // those of functions have no names
        dest[0] = self->name == MP_QSTR__lt_module_gt_ ? frame_globals(self) : mp_obj_new_dict(0);
        break;
    case MP_QSTR_f_lineno: dest[0] = MP_OBJ_NEW_SMALL_INT(self->line); break;
    case MP_QSTR_f_trace: dest[0] = mp_const_none; break;
    }
}

static void frame_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    const mp_obj_frame_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<frame at 0x%lx, file '%q', line %u, code %q>", (unsigned long)(uintptr_t)self, self->file,
        (unsigned)self->line, self->name);
}

MP_DEFINE_CONST_OBJ_TYPE(mp_type_frame, MP_QSTR_frame, MP_TYPE_FLAG_NONE, print, frame_print, attr, frame_attr);

// Tracebacks ----------------------------------------------------------------------------------------------------------

typedef struct {
    mp_obj_base_t base;
    mp_obj_frame_t *frame;
    mp_obj_t next; // or None
} mp_obj_traceback_t;

mp_obj_t mp_obj_new_traceback(qstr file, size_t line, qstr name, mp_obj_t next) {
    mp_obj_frame_t *frame = mp_obj_malloc(mp_obj_frame_t, &mp_type_frame);
    frame->file = file;
    frame->name = name;
    frame->line = line;
    frame->fun = NULL;
    frame->state = NULL;
    frame->back = NULL;
    mp_obj_traceback_t *self = mp_obj_malloc(mp_obj_traceback_t, &mp_type_traceback);
    self->frame = frame;
    self->next = next;
    return MP_OBJ_FROM_PTR(self);
}

static void traceback_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    mp_obj_traceback_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        if (attr == MP_QSTR_tb_next && (dest[1] == mp_const_none || mp_obj_is_type(dest[1], &mp_type_traceback))) {
            self->next = dest[1];
            dest[0] = MP_OBJ_NULL; // indicate success
        }
    } else if (attr == MP_QSTR_tb_frame) {
        dest[0] = MP_OBJ_FROM_PTR(self->frame);
    } else if (attr == MP_QSTR_tb_next) {
        dest[0] = self->next;
    } else if (attr == MP_QSTR_tb_lineno) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->frame->line);
    } else if (attr == MP_QSTR_tb_lasti) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(0);
    }
}

MP_DEFINE_CONST_OBJ_TYPE(mp_type_traceback, MP_QSTR_traceback, MP_TYPE_FLAG_NONE, attr, traceback_attr);
