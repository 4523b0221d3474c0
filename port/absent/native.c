// native.c - stub for the machine-code back end of the compiler, 31 KiB of py/emitnative.c and py/asmx64.c.
// Code generated at run time could not be executed: no page is writable and executable (docs/adr/0003).
// Frozen native code does not need it.

#include "py/emit.h"
#include "py/runtime.h"

const emit_method_table_t emit_native_x64_method_table = {0};

emit_t *emit_native_x64_new(mp_emit_common_t *common, mp_obj_t *error, uint *label, mp_uint_t labels) {
    (void)common;
    (void)error;
    (void)label;
    (void)labels;
    mp_raise_NotImplementedError(MP_ERROR_TEXT("native code has to be frozen"));
}

void emit_native_x64_free(emit_t *emit) {
    (void)emit;
}
