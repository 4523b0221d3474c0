// watch.c - see watch.h.

#include <string.h>

#include "fiber/fiber.h"
#include "platform.h"
#include "py/bc.h"
#include "py/gc.h"
#include "py/objfun.h"
#include "py/runtime.h"
#include "runtime.h"
#include "text.h"
#include "watch.h"

// After what it needs (py/modsys.c includes it there).
#include "modsys_port.h"

// Back-edges between two looks at the clock: less than a millisecond of plain bytecode.
#define BACK_EDGES 4096
#define NS_PER_SECOND UINT64_C(1000000000)
#define FRAMES_MAX 16

uint32_t watch_back_edges = BACK_EDGES;

static uint64_t patience, interval;  // nanoseconds; 0: never
static uint64_t since, told, served; // when the running fiber began, was told of, and let the loop run
static size_t switches;

void watch_set_patience(uint64_t nanoseconds) {
    patience = nanoseconds;
}

// sys.setswitchinterval(seconds): after which the loop runs in between. CPython's has no 0, ours means never.
static mp_obj_t watch_setswitchinterval(mp_obj_t seconds) {
    mp_float_t value = mp_obj_get_float(seconds);
    if (!(value >= 0 && value < MICROPY_FLOAT_CONST(1e9))) {
        mp_raise_ValueError(MP_ERROR_TEXT("switch interval must be positive"));
    }
    interval = (uint64_t)(value * NS_PER_SECOND);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_1(watch_setswitchinterval_obj, watch_setswitchinterval);

static mp_obj_t watch_getswitchinterval(void) {
    return mp_obj_new_float((mp_float_t)interval / NS_PER_SECOND);
}
MP_DEFINE_CONST_FUN_OBJ_0(watch_getswitchinterval_obj, watch_getswitchinterval);

// The frames of the running fiber ---------------------------------------------------------------------------------------
// The interpreter keeps no list of them. But each one's state lies on the C stack, or in a generator that the C stack points
// to, and cannot be mistaken: its function is an object of the heap, its place lies in that function's bytecode.

// As py/objgenerator.c has it.
struct generator {
    mp_obj_base_t base;
    mp_obj_t pending; // MP_OBJ_NULL: it runs
    mp_code_state_t state;
};

// gc_nbytes() knows an object's first block from all else, freed ones included.
static bool is_object(const void *pointer, const mp_obj_type_t *type) {
    uintptr_t address = (uintptr_t)pointer;
    return address % sizeof(mp_obj_t) == 0 && gc_nbytes(pointer) > 0 && ((const mp_obj_base_t *)pointer)->type == type;
}

static bool is_state(const mp_code_state_t *state) {
    const mp_obj_fun_bc_t *fun = state->fun_bc;
    if (!(is_object(fun, &mp_type_fun_bc) || is_object(fun, &mp_type_gen_wrap))
        || !is_object(fun->context, &mp_type_module)) {
        return false;
    }
    return state->ip > fun->bytecode && state->ip - fun->bytecode < 1 << 20 && state->sp >= state->state - 1
        && state->sp < state->state + state->n_state;
}

static const mp_code_state_t *state_at(void *const *word) {
    const mp_code_state_t *state = (const void *)word;
    if (is_object(*word, &mp_type_gen_instance)) {
        const struct generator *generator = *word;
        state = generator->pending == MP_OBJ_NULL ? &generator->state : state;
    }
    return is_state(state) ? state : NULL;
}

// The innermost first; how many.
static size_t find_frames(const mp_code_state_t **frames) {
    size_t count = 0;
    void *here;
    for (void **word = &here; word + 4 < (void **)MP_STATE_THREAD(stack_top) && count < FRAMES_MAX; word++) {
        const mp_code_state_t *state = state_at(word);
        if (state != NULL && (count == 0 || state != frames[count - 1])) {
            frames[count++] = state;
        }
    }
    return count;
}

struct place {
    const char *file, *block;
    size_t line;
};

// As the interpreter finds it for tracebacks (py/vm.c).
static struct place place_of(const mp_code_state_t *state) {
    const byte *ip = state->fun_bc->bytecode;
    MP_BC_PRELUDE_SIG_DECODE(ip);
    MP_BC_PRELUDE_SIZE_DECODE(ip);
    const byte *line_info_top = ip + n_info;
    const byte *bytecode_start = ip + n_info + n_cell;
    qstr block = mp_decode_uint_value(ip);
    for (size_t i = 0; i < 1 + n_pos_args + n_kwonly_args; ++i) {
        ip = mp_decode_uint_skip(ip);
    }
    const qstr_short_t *names = state->fun_bc->context->constants.qstr_table;
    return (struct place) {
        .file = qstr_str(names[0]),
        .block = qstr_str(names[block]),
        .line = mp_bytecode_get_source_line(ip, line_info_top, state->ip - bytecode_start),
    };
}

// Telling -------------------------------------------------------------------------------------------------------------

static void tell(uint64_t computed) {
    const mp_code_state_t *frames[FRAMES_MAX];
    struct text line = {.length = 0};
    text_add(&line, "watchdog: task ");
    text_add(&line, fiber_name());
    text_add(&line, " has not waited for ");
    text_add_decimal(&line, computed / NS_PER_SECOND);
    text_add(&line, " s");
    text_print(&line);
    for (size_t i = find_frames(frames); i > 0; i--) {
        struct place place = place_of(frames[i - 1]);
        text_add(&line, "  File \"");
        text_add(&line, place.file);
        text_add(&line, "\", line ");
        text_add_decimal(&line, place.line);
        text_add(&line, ", in ");
        text_add(&line, place.block);
        text_print(&line);
    }
}

// Serving the network ---------------------------------------------------------------------------------------------------

// The loop must not run in the middle of what it runs itself: the stack and the scheduler.
static bool is_of_the_stack(const char *file) {
    return strncmp(file, "mnet/", 5) == 0
        || (strncmp(file, "mkernel/", 8) == 0 && strcmp(file, "mkernel/task.py") != 0);
}

static bool may_serve(void) {
    const mp_code_state_t *frames[FRAMES_MAX];
    size_t count = find_frames(frames);
    for (size_t i = 0; i < count; i++) {
        if (is_of_the_stack(place_of(frames[i]).file)) {
            return false;
        }
    }
    return count > 0;
}

static void serve(uint64_t now) {
    served = now;
    if (may_serve()) {
        fiber_let_root_run();
        switches = fiber_switches();
    }
}

void watch_look(void) {
    watch_back_edges = BACK_EDGES;
    if (patience == 0 && interval == 0) {
        return;
    }
    uint64_t now = platform_clock_monotonic();
    if (switches != fiber_switches()) {
        switches = fiber_switches();
        since = served = now;
    } else if (patience != 0 && now - since >= patience && now - told >= NS_PER_SECOND) {
        told = now;
        tell(now - since);
    }
    if (interval != 0 && now - served >= interval) {
        serve(now);
    }
}
