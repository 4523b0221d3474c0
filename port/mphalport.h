// mphalport.h - functions of the port that the interpreter's C code needs beyond py/mphal.h (mphalport.c).

#include <stdint.h>

// Waits in C (`time.sleep`, `select.poll` of the C modules) block the whole machine. Programs use the frozen
// modules of the same names, which let other fibers run.
void runtime_wait_ms(unsigned long ms); // -1: until a device event
#define MICROPY_INTERNAL_WFE(timeout_ms) runtime_wait_ms((unsigned long)(timeout_ms))

uintptr_t mp_hal_stdio_poll(uintptr_t flags);
