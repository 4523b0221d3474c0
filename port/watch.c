// watch.c - see watch.h.

#include "calls.h"
#include "fiber/fiber.h"
#include "platform.h"
#include "py/objfun.h"
#include "py/runtime.h"
#include "text.h"
#include "turn/turn.h"
#include "watch.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define FRAMES_MAX 16

static uint64_t limit; // nanoseconds; 0: never
static uint64_t told;

void watch_set_limit(uint64_t nanoseconds) {
    limit = nanoseconds;
}

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

uint64_t turn_clock(void) {
    return platform_clock_monotonic();
}

void turn_watch(uint64_t now, uint64_t computed) {
    if (limit != 0 && computed >= limit && now - told >= NS_PER_SECOND) {
        told = now;
        tell(computed);
    }
}
