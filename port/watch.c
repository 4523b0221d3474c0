// watch.c - see watch.h.

#include <string.h>

#include "calls.h"
#include "fiber/fiber.h"
#include "platform.h"
#include "py/objfun.h"
#include "py/runtime.h"
#include "runtime.h"
#include "text.h"
#include "watch.h"

// Requires the headers above (py/modsys.c includes it there).
#include "modsys_port.h"

// Back-edges between two checks of the clock: less than a millisecond of plain bytecode.
#define BACK_EDGES 4096
#define NS_PER_SECOND UINT64_C(1000000000)
#define FRAMES_MAX 16

uint32_t watch_back_edges = BACK_EDGES;

static uint64_t patience, interval;  // nanoseconds; 0: never
static uint64_t since, told, served; // when the running fiber began, was reported, and let the loop run
static size_t switches;

void watch_set_patience(uint64_t nanoseconds) {
    patience = nanoseconds;
}

// sys.setswitchinterval(seconds): interval at which the loop runs in between. 0, which CPython does not
// allow, means never.
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

struct place {
    const char *file, *block;
    size_t line;
};

// As the interpreter computes it for tracebacks (py/vm.c).
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
    size_t count = 0;
    for (const struct call *call = calls(); call != NULL && count < FRAMES_MAX; call = call->outer) {
        frames[count++] = call->state;
    }
    struct text line = {.length = 0};
    text_add(&line, "watchdog: task ");
    text_add(&line, fiber_name());
    text_add(&line, " has not waited for ");
    text_add_decimal(&line, computed / NS_PER_SECOND);
    text_add(&line, " s");
    text_print(&line);
    while (count > 0) {
        struct place place = place_of(frames[--count]);
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

// The loop must not run inside the stack or the scheduler, which it runs itself.
static bool is_of_the_stack(const char *file) {
    return strncmp(file, "mnet/", 5) == 0
        || (strncmp(file, "mkernel/", 8) == 0 && strcmp(file, "mkernel/task.py") != 0);
}

static bool may_serve(void) {
    for (const struct call *call = calls(); call != NULL; call = call->outer) {
        if (is_of_the_stack(place_of(call->state).file)) {
            return false;
        }
    }
    return true;
}

static void serve(uint64_t now) {
    served = now;
    if (may_serve()) {
        fiber_let_root_run();
        switches = fiber_switches();
    }
}

void watch_slept(void) {
    switches = (size_t)-1;
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
