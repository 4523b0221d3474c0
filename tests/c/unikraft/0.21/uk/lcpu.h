// What port/platform/unikraft uses of the processor and its exceptions since 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_LCPU_H
#define PYMNET_TESTS_UK_LCPU_H

#include <uk/plat/time.h>

void uk_lcpu_disable_irq(void);
void uk_lcpu_halt_irq_until(__nsec deadline);

struct uk_lcpu_regs {
    uint64_t R15, R14, R13, R12, RBP, RBX, R11, R10, R9, R8, RAX, RCX, RDX, RSI, RDI, RIP, CS, RFLAGS, RSP, SS;
};

struct uk_lcpu_except_err_ctx {
    uint32_t vector;
    uint64_t error, address;
    struct uk_lcpu_regs *registers;
};

#define UK_LCPU_EXCEPT_EVENT_UNHANDLED unhandled
#define uk_lcpu_regs_get(registers, name) ((registers)->name)

static inline uint32_t uk_lcpu_x86_64_except_err_ctx_get_trapnr(const struct uk_lcpu_except_err_ctx *context) {
    return context->vector;
}

static inline uint64_t uk_lcpu_x86_64_except_err_ctx_get_error_code(const struct uk_lcpu_except_err_ctx *context) {
    return context->error;
}

static inline uint64_t uk_lcpu_except_err_ctx_get_fault_addr(const struct uk_lcpu_except_err_ctx *context) {
    return context->address;
}

static inline struct uk_lcpu_regs *uk_lcpu_except_err_ctx_get_regs(const struct uk_lcpu_except_err_ctx *context) {
    return context->registers;
}

#endif // PYMNET_TESTS_UK_LCPU_H
