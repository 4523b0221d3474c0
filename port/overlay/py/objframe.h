// objframe.h - frames and tracebacks as objects. Both say what was when they were made: no frame is kept alive.

#ifndef PYMNET_OBJFRAME_H
#define PYMNET_OBJFRAME_H

#include "py/bc.h"
#include "py/objfun.h"

typedef struct {
    mp_obj_base_t base;
    qstr file, name;
    size_t line;
    const mp_obj_fun_bc_t *fun;                     // NULL: of a traceback, which knows file, line and name only
    const mp_code_state_t *state;                   // only to be compared with those that run now
    mp_obj_t (*back)(const mp_code_state_t *state); // the frame outside it, or None
} mp_obj_frame_t;

// The frame of a function that runs.
mp_obj_t mp_obj_new_frame(const mp_code_state_t *state, mp_obj_t (*back)(const mp_code_state_t *state));

// A line of a traceback, and those after it.
mp_obj_t mp_obj_new_traceback(qstr file, size_t line, qstr name, mp_obj_t next);

extern const mp_obj_type_t mp_type_frame, mp_type_traceback;

#endif // PYMNET_OBJFRAME_H
