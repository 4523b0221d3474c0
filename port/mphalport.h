// mphalport.h - what the interpreter's C half asks of the port beyond py/mphal.h (mphalport.c).

#include <stdint.h>

// Waits in C (`time.sleep`, `select.poll` of the C half) wait for the machine: nothing else runs meanwhile. Programs use
// the frozen modules of the same names, which let other fibers run.
void runtime_wait_ms(unsigned long ms); // -1: until a device has something
#define MICROPY_INTERNAL_WFE(timeout_ms) runtime_wait_ms((unsigned long)(timeout_ms))

uintptr_t mp_hal_stdio_poll(uintptr_t flags);
