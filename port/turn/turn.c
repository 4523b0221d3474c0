// turn.c - see turn.h.

#include <string.h>

#include "calls.h"
#include "fiber.h"
#include "py/objfun.h"
#include "py/runtime.h"
#include "turn.h"

// Requires the headers above (py/modsys.c includes it there).
#include "modsys.h"

// Branches between two readings of the clock: less than a millisecond of plain bytecode.
#define BRANCHES 4096
// The same while the turn is over, but the innermost function is none that may be interrupted. It varies, so
// that a loop of the same length cannot hide its back-edge.
#define BRANCHES_SOON(n) (64 + (n) % 64)
// After so many intervals without a back-edge any branch will do: recursion has no loops.
#define MAX_INTERVALS 10
#define NS_PER_SECOND UINT64_C(1000000000)

uint32_t turn_branches = BRANCHES;
turn_may_end_t turn_may_end;

static uint64_t interval;      // nanoseconds; 0: never
static uint64_t since, served; // when the turn began, and when the loop ran last
static size_t switches;

// sys.setswitchinterval(seconds). 0, which CPython does not allow, means never.
static mp_obj_t turn_setswitchinterval(mp_obj_t seconds) {
    mp_float_t value = mp_obj_get_float(seconds);
    if (!(value >= 0 && value < MICROPY_FLOAT_CONST(1e9))) {
        mp_raise_ValueError(MP_ERROR_TEXT("switch interval must be positive"));
    }
    interval = (uint64_t)(value * NS_PER_SECOND);
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_1(turn_setswitchinterval_obj, turn_setswitchinterval);

static mp_obj_t turn_getswitchinterval(void) {
    return mp_obj_new_float((mp_float_t)interval / NS_PER_SECOND);
}
MP_DEFINE_CONST_FUN_OBJ_0(turn_getswitchinterval_obj, turn_getswitchinterval);

// Neither the loop nor another fiber may run inside the stack or the scheduler, which the loop runs itself.
static bool is_of_the_stack(const char *file) {
    if (strcmp(file, "mkernel/task.py") == 0 || strcmp(file, "mkernel/threads.py") == 0) {
        return false; // the outermost functions of every task
    }
    return strncmp(file, "mnet/", 5) == 0 || strncmp(file, "mkernel/", 8) == 0;
}

static bool is_outside_the_stack(void) {
    for (const struct call *call = calls(); call != NULL; call = call->outer) {
        if (is_of_the_stack(qstr_str(call->state->fun_bc->context->constants.qstr_table[0]))) {
            return false;
        }
    }
    return true;
}

static void serve(uint64_t now) {
    served = now;
    if (is_outside_the_stack()) {
        fiber_let_root_run();
        switches = fiber_switches();
    }
}

static bool ends(uint64_t computed, bool is_back_edge) {
    if (!is_back_edge && computed < MAX_INTERVALS * interval) {
        return false;
    }
    turn_may_end_t may_end = turn_may_end; // tests/c/callgraph.py knows the type of a local
    return may_end(calls()) && is_outside_the_stack();
}

static void interrupt(uint64_t now, bool is_back_edge) {
    static uint32_t looks;
    if (turn_may_end != NULL && now - since >= interval) {
        turn_branches = BRANCHES_SOON(looks++);
        if (ends(now - since, is_back_edge)) {
            turn_branches = BRANCHES;
            fiber_let_others_run();
            return;
        }
    }
    if (now - served >= interval) {
        serve(now);
    }
}

void turn_slept(void) {
    switches = (size_t)-1;
}

void turn_look(bool is_back_edge) {
    uint64_t now = turn_clock();
    turn_branches = BRANCHES;
    if (switches != fiber_switches()) {
        switches = fiber_switches();
        since = served = now;
        return;
    }
    turn_watch(now, now - since);
    if (interval != 0) {
        interrupt(now, is_back_edge);
    }
}
