// main.c - the life of an image: divide the memory, start the interpreter, run the frozen code, and convert
// its outcome into an exit code. Machine-independent; a platform calls runtime_main() (platform.h).

#include <string.h>

#include "cmdline.h"
#include "console.h"
#include "crypto/random.h"
#include "fiber/fiber.h"
#include "platform.h"
#include "py/builtin.h"
#include "py/cstack.h"
#include "py/frozenmod.h"
#include "py/gc.h"
#include "py/mphal.h"
#include "py/persistentcode.h"
#include "py/runtime.h"
#include "runtime.h"
#include "shared/runtime/gchelper.h"
#include "stacks.h"
#include "text.h"

#define EXIT_OK 0
#define EXIT_EXCEPTION 1

// An eighth of RAM for the stack that tasks run on, enough for a thousand nested calls; as much again or more
// for the frames of waiting tasks, which use the heap when it is full.
#define STACK_SHARE 8
#define STACK_MIN ((size_t)64 << 10)
#define STACK_MAX ((size_t)1 << 20)
#define FRAMES_SHARE 6
#define FRAMES_MIN ((size_t)96 << 10)
#define FRAMES_MAX ((size_t)512 << 20)
// A collection begins when so large a share of the heap was allocated.
#define GARBAGE_SHARE 4
#define HEAP_MIN ((size_t)128 << 10)

struct runtime runtime;

static _Noreturn void stop(const char *reason) {
    text_say(reason, NULL);
    platform_exit(EXIT_EXCEPTION);
}

// Exit codes ----------------------------------------------------------------------------------------------------------

// As in CPython: None is 0, a number is itself, anything else is printed and 1.
static int code_of_exit(mp_obj_t exception) {
    mp_obj_t value = mp_obj_exception_get_value(exception);
    mp_int_t code;
    if (value == mp_const_none) {
        return EXIT_OK;
    }
    if (mp_obj_get_int_maybe(value, &code)) {
        return (int)(code & 0xff);
    }
    mp_obj_print_helper(&mp_plat_print, value, PRINT_STR);
    mp_print_str(&mp_plat_print, "\n");
    return EXIT_EXCEPTION;
}

static int code_of_exception(mp_obj_t exception) {
    mp_obj_t type = MP_OBJ_FROM_PTR(mp_obj_get_type(exception));
    if (mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        return code_of_exit(exception);
    }
    mp_obj_print_exception(&mp_plat_print, exception);
    return EXIT_EXCEPTION;
}

// Frozen code ---------------------------------------------------------------------------------------------------------

mp_obj_t runtime_run_main(void) {
    int type;
    void *data;
    if (mp_find_frozen_module("main.py", &type, &data) != MP_IMPORT_STAT_FILE || type != MP_FROZEN_MPY) {
        mp_raise_msg(&mp_type_ImportError, MP_ERROR_TEXT("this image has no main.py"));
    }
    const mp_frozen_module_t *frozen = data;
    mp_module_context_t *context = m_new_obj(mp_module_context_t);
    context->module.base.type = &mp_type_module;
    context->module.globals = &MP_STATE_VM(dict_main);
    context->constants = frozen->constants;
    mp_obj_t function = mp_make_function_from_proto_fun(frozen->proto_fun, context, MP_OBJ_NULL);
    mp_store_attr(MP_OBJ_FROM_PTR(&context->module), MP_QSTR___file__, MP_OBJ_NEW_QSTR(qstr_from_str("/main.py")));
    // Module code stores its names in the locals, by default the caller's.
    mp_obj_dict_t *locals = mp_locals_get(), *globals = mp_globals_get();
    mp_locals_set(&MP_STATE_VM(dict_main));
    mp_globals_set(&MP_STATE_VM(dict_main));
    nlr_jump_callback_node_globals_locals_t restore = {.globals = globals, .locals = locals};
    nlr_push_jump_callback(&restore.callback, mp_globals_locals_set_from_nlr_jump_callback);
    mp_call_function_0(function);
    nlr_pop_jump_callback(true);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(runtime_run_main_obj, runtime_run_main);

// `_boot.start(main)` runs main in a fiber of its own with the scheduler around it. An image without `_boot` runs it here.
static void run(void) {
    if (mp_find_frozen_module("_boot.py", NULL, NULL) != MP_IMPORT_STAT_FILE) {
        runtime_run_main();
        return;
    }
    mp_obj_t boot = mp_import_name(MP_QSTR__boot, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    mp_call_function_1(mp_load_attr(boot, MP_QSTR_start), MP_OBJ_FROM_PTR(&runtime_run_main_obj));
}

static int run_to_code(void) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        run();
        nlr_pop();
        return EXIT_OK;
    }
    console_finish();
    return code_of_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
}

// Start ---------------------------------------------------------------------------------------------------------------

static void start_random(const char *arguments) {
    if (random_init()) {
        return;
    }
    if (cmdline_find(arguments, INSECURE_ENTROPY) == NULL) {
        stop("no entropy: give the machine a random device, or " INSECURE_ENTROPY " to run with guessable numbers");
    }
    random_init_insecure();
}

// Whole pages, within bounds.
static size_t share(size_t size, size_t part, size_t least, size_t most) {
    size = size / part & ~(PLATFORM_PAGE - 1);
    return size < least ? least : size < most ? size : most;
}

static void divide_memory(const struct boot *boot) {
    size_t size = boot->memory_end - boot->memory;
    size_t stack = share(size, STACK_SHARE, STACK_MIN, STACK_MAX);
    size_t pool = stack + share(size, FRAMES_SHARE, FRAMES_MIN, FRAMES_MAX);
    if (size < pool + HEAP_MIN) {
        stop("not enough memory for this image: give the machine more");
    }
    stacks_init(boot->memory_end - pool, boot->memory_end, stack);
    gc_init((void *)boot->memory, (void *)(boot->memory_end - pool));
    // To collect only when the heap is full would spread the objects that stay over all of it, each between the
    // garbage of its time: no large table would fit in a heap that is nearly empty.
    MP_STATE_MEM(gc_alloc_threshold) = (size - pool) / GARBAGE_SHARE / MICROPY_BYTES_PER_GC_BLOCK;
    runtime.heap_size = size - pool;
    runtime.memory_size = size;
}

_Noreturn void runtime_main(const struct boot *boot) {
    runtime.boot = boot;
    console_init(cmdline_find(boot->arguments, CONSOLE_DROP) != NULL);
    start_random(boot->arguments);
    divide_memory(boot);
    mp_cstack_init_with_top(boot->stack_top, (size_t)(boot->stack_top - boot->stack));
    mp_init();
    runtime_exit(run_to_code());
}

_Noreturn void runtime_exit(int code) {
    console_finish();
    platform_exit(code);
}

// What the interpreter calls ------------------------------------------------------------------------------------------

// Clearing touches memory, which is the main cost of the start: it must not grow with the memory.
void runtime_clear(void *memory, size_t size) {
    if (!runtime.boot->zeroed) {
        memset(memory, 0, size);
    }
}

void gc_collect(void) {
    gc_collect_start();
    gc_helper_collect_regs_and_stack();
    fiber_gc_scan();
    gc_collect_end();
}

void nlr_jump_fail(void *value) {
    (void)value;
    console_finish();
    text_say("exception with nobody to catch it: a bug in the runtime", NULL);
    platform_panic(EXIT_EXCEPTION);
}
