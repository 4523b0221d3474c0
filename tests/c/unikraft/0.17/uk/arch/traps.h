// Exceptions as Unikraft told of them before 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_ARCH_TRAPS_H
#define PYMNET_TESTS_UK_ARCH_TRAPS_H

#include <uk/arch/lcpu.h>

struct ukarch_trap_ctx {
    struct __regs *regs;
    int trapnr, error_code;
    unsigned long fault_address;
};

#define UKARCH_TRAP_INVALID_OP trap_invalid_op
#define UKARCH_TRAP_DEBUG trap_debug
#define UKARCH_TRAP_PAGE_FAULT trap_page_fault
#define UKARCH_TRAP_BUS_ERROR trap_bus_error
#define UKARCH_TRAP_MATH trap_math
#define UKARCH_TRAP_SECURITY trap_security
#define UKARCH_TRAP_X86_GP trap_gp_fault

#endif // PYMNET_TESTS_UK_ARCH_TRAPS_H
