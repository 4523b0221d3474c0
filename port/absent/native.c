// native.c - in place of the compiler's back end for machine code, 31 KiB of py/emitnative.c and py/asmx64.c. What that
// makes at run time would have nowhere to go: no page is writable and executable (docs/adr/0003). Frozen native code
// needs none of it.

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
