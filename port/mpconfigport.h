// mpconfigport.h - the configuration of the interpreter: MicroPython's options, with reasons where they are
// not obvious. See py/mpconfig.h for the meaning of each.

#include <alloca.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef intptr_t mp_int_t;
typedef uintptr_t mp_uint_t;
typedef long mp_off_t;

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_FULL_FEATURES)

// Language ------------------------------------------------------------------------------------------------------------

#define MICROPY_ENABLE_COMPILER (1)
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_DOUBLE)
#define MICROPY_LONGINT_IMPL (MICROPY_LONGINT_IMPL_MPZ)
#define MICROPY_ERROR_REPORTING (MICROPY_ERROR_REPORTING_DETAILED)
#define MICROPY_WARNINGS (1)
#define MICROPY_PY_ALL_INPLACE_SPECIAL_METHODS (1)
#define MICROPY_KBD_EXCEPTION (0)

// Frozen native code runs from the text segment. None is generated at run time (absent/native.c): no page is
// writable and executable.
#define MICROPY_EMIT_X64 (1)
#define MP_PLAT_ALLOC_EXEC(min_size, ptr, size) (*(ptr) = NULL, *(size) = 0)
#define MP_PLAT_FREE_EXEC(ptr, size) ((void)0)

// Memory --------------------------------------------------------------------------------------------------------------

#define MICROPY_ENABLE_GC (1)
#define MICROPY_GC_CLEAR(memory, size) runtime_clear(memory, size)
void runtime_clear(void *memory, size_t size); // a part of the initial heap
#define MICROPY_ENABLE_FINALISER (1)
#define MICROPY_MALLOC_USES_ALLOCATED_SIZE (1)
#define MICROPY_PY_GC_COLLECT_RETVAL (1)
// Stack that C may use between two checks: tests/c/test_recursion.py adds up the deepest path, making a file
// system (6 KiB).
#define MICROPY_STACK_CHECK_MARGIN (10240)
#define MICROPY_ENABLE_EMERGENCY_EXCEPTION_BUF (1)
#define MICROPY_EMERGENCY_EXCEPTION_BUF_SIZE (256)

// Speed ---------------------------------------------------------------------------------------------------------------

#define MICROPY_OPT_COMPUTED_GOTO (1)

// calls.c has the function of that name, and calls this one.
#define MICROPY_WRAP_MP_EXECUTE_BYTECODE(name) calls_##name
#define MICROPY_PY_SYS_GETFRAME getframe_obj

#include "turn/hook.h"
#define MICROPY_OPT_MAP_LOOKUP_CACHE_SIZE (1024) // 3-10 % over the default of 128

// Frozen code ---------------------------------------------------------------------------------------------------------
// The library is built without any: an application's frozen_content.o brings its own pool of names and its modules.

#define MICROPY_MODULE_FROZEN_MPY (1)
#define MICROPY_QSTR_EXTRA_POOL mp_qstr_frozen_const_pool
#define MICROPY_PY_SYS_PATH_DEFAULT ".frozen"
#define MICROPY_ALLOC_PATH_MAX (128)
#define MICROPY_MODULE_OVERRIDE_MAIN_IMPORT (1) // __import__(name, None, None, False) runs a module as __main__

// Fibers replace threads, and swap this state instead of looking it up (docs/adr/0001).
#define MICROPY_PY_THREAD (0)

// Modules -------------------------------------------------------------------------------------------------------------

#define MICROPY_PY_SYS_PLATFORM "unikernel"
#define MICROPY_PY_SYS_EXC_INFO (1)
#define MICROPY_PY_SYS_INCLUDEFILE "turn/modsys.h"
#define MICROPY_PY_SYS_STDFILES (1)
#define MICROPY_USE_INTERNAL_ERRNO (1) // Linux's numbers
#define MICROPY_EPOCH_IS_1970 (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_TIME_INCLUDEFILE "modtime_port.h"
#define MICROPY_PY_OS_INCLUDEFILE "modos_port.h"
#define MICROPY_PY_OS_UNAME (1)
#define MICROPY_PY_OS_URANDOM (1)
#define MICROPY_PY_HASHLIB_SHA256 (1)
#define MICROPY_PY_RE_MATCH_GROUPS (1)
#define MICROPY_PY_RE_MATCH_SPAN_START_END (1)
#define MICROPY_PY_RANDOM_SEED_INIT_FUNC (runtime_random_seed())
unsigned long runtime_random_seed(void);
#define MP_NEED_LOG2 (0) // libc/math.c has it

// Files live on block devices, in a file system that every other machine can read.
#define MICROPY_VFS (1)
#define MICROPY_READER_VFS (1)
#define MICROPY_VFS_ROM (0)
#define MICROPY_FATFS_ENABLE_LFN (1)
#define MICROPY_FATFS_LFN_CODE_PAGE 437 // the smallest; names are UTF-8 outside
#define MICROPY_FATFS_LFN_UNICODE 2
#define MICROPY_FATFS_RPATH (2)
#define MICROPY_FATFS_MAX_SS (4096)

// No prompt, no pins.
#define MICROPY_HELPER_REPL (0)
#define MICROPY_REPL_AUTO_INDENT (0)
#define MICROPY_PY_BUILTINS_HELP (0)
#define MICROPY_PY_BUILTINS_INPUT (0)
#define MICROPY_PY_SYS_PS1_PS2 (0)
#define MICROPY_PY_FRAMEBUF (0)
#define MICROPY_PY_MACHINE (0)
#define MICROPY_PY_ONEWIRE (0)

#define MICROPY_HW_BOARD_NAME "unikernel"
#define MICROPY_HW_MCU_NAME "x86-64"

#define MP_STATE_PORT MP_STATE_VM
