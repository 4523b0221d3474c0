// vm_counted.c - a second copy of the interpreter's loop, which counts bytecodes and calls by function (counted.c).

#include "counted.h"
#include "py/mpconfig.h"

#undef MICROPY_WRAP_MP_EXECUTE_BYTECODE
#define MICROPY_WRAP_MP_EXECUTE_BYTECODE(name) counted_##name
#define MICROPY_VM_TRACE(code_state) counted_bytecode(code_state)

#include "py/vm.c"
