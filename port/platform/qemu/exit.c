// exit.c - ends the machine with an unambiguous status.
//
// The line "exit N" is written to a separate debug console (isa-debugcon), because QEMU's exit status cannot
// carry it: isa-debug-exit makes 2v+1 of a value v, and QEMU's failures use the same numbers.

#include "board.h"
#include "devices.h"
#include "drivers.h"
#include "platform.h"
#include "text.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/ring.h"

static _Noreturn void end(int code) {
    struct text line = {.length = 0};
    text_add(&line, "exit ");
    text_add_decimal(&line, (uint64_t)(code & 0xff));
    text_add(&line, "\n");
    x86_out8_string(BOARD_PORT_STATUS, line.bytes, line.length);
    x86_out32(BOARD_PORT_EXIT, (uint32_t)code);
    x86_triple_fault(); // no isa-debug-exit: with -no-reboot this ends QEMU too
}

#define DRAIN_NS UINT64_C(1000000000)

// Frames leave without an armed interrupt, so poll this often.
#define DRAIN_LOOK_NS UINT64_C(200000)

static void drain_nets(void) {
    uint64_t deadline = platform_clock_monotonic() + DRAIN_NS;
    while (!nets_drained() && platform_clock_monotonic() < deadline) {
        devices_sleep(platform_clock_monotonic() + DRAIN_LOOK_NS);
    }
}

_Noreturn void platform_exit(int code) {
    drain_nets();
    console_drain();
    end(code);
}

_Noreturn void platform_panic(int code) {
    console_drain();
    end(code);
}
