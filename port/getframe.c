// getframe.c - sys._getframe(): the functions that the running fiber executes, as objects.

#include "calls.h"
#include "py/objframe.h"
#include "py/runtime.h"

static mp_obj_t frame_outside(const mp_code_state_t *state) {
    for (const struct call *call = calls(); call != NULL; call = call->outer) {
        if (call->state == state) {
            return call->outer == NULL ? mp_const_none : mp_obj_new_frame(call->outer->state, frame_outside);
        }
    }
    return mp_const_none; // it has ended
}

static mp_obj_t sys_getframe(size_t n_args, const mp_obj_t *args) {
    mp_int_t depth = n_args == 0 ? 0 : mp_obj_get_int(args[0]);
    const struct call *call = calls();
    for (; depth > 0 && call != NULL; depth--) {
        call = call->outer;
    }
    if (call == NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("call stack is not deep enough"));
    } else {
        return mp_obj_new_frame(call->state, frame_outside);
    }
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(getframe_obj, 0, 1, sys_getframe);
