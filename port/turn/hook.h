// hook.h - what the interpreter's loop (py/vm.c) does at each branch of bytecode, for mpconfigport.h: it counts,
// and the clock is read every few thousand branches (turn.h).

#ifndef PYMNET_TURN_HOOK_H
#define PYMNET_TURN_HOOK_H

#include <stdbool.h>
#include <stdint.h>

// `code_state->ip` is the branch itself, `ip` its target. The target is stored first, for tracebacks.
#define MICROPY_VM_HOOK_LOOP                                                                                           \
    if (MP_UNLIKELY(--turn_branches == 0)) {                                                                           \
        bool is_back_edge = ip <= code_state->ip;                                                                      \
        code_state->ip = ip;                                                                                           \
        turn_look(is_back_edge);                                                                                       \
    }

// Counted down at each branch.
extern uint32_t turn_branches;
void turn_look(bool is_back_edge);

#endif // PYMNET_TURN_HOOK_H
