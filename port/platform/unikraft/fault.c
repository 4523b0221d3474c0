// fault.c - exceptions of the processor: Unikraft's events, in the frame that arch/x86_64/traps.c reports.
//
// Before 0.21 each kind has an event, but overflow, bounds, double fault, invalid TSS and machine check have
// none: Unikraft then stops without an exit code. Since 0.21 there is one event for all unhandled exceptions.

#include <uk/event.h>

#include "arch/x86_64/traps.h"

#if __has_include(<uk/lcpu.h>)
#include <uk/lcpu.h>
#define TRAP struct uk_lcpu_except_err_ctx
#define VECTOR(trap) uk_lcpu_x86_64_except_err_ctx_get_trapnr(trap)
#define ERROR(trap) uk_lcpu_x86_64_except_err_ctx_get_error_code(trap)
#define ADDRESS(trap) uk_lcpu_except_err_ctx_get_fault_addr(trap)
#define REGISTERS(trap) uk_lcpu_except_err_ctx_get_regs(trap)
#define REGISTER(registers, field, name) uk_lcpu_regs_get(registers, name)
#else
#include <uk/arch/lcpu.h>
#include <uk/arch/traps.h>
#define TRAP struct ukarch_trap_ctx
#define VECTOR(trap) (uint64_t)(trap)->trapnr
#define ERROR(trap) (uint64_t)(uint32_t)(trap)->error_code
#define ADDRESS(trap) (trap)->fault_address
#define REGISTERS(trap) (trap)->regs
#define REGISTER(registers, field, name) (registers)->field
#endif

static int report(void *data) {
    const TRAP *trap = data;
    struct x86_frame frame = {
        .cr2 = ADDRESS(trap),
        .rax = REGISTER(REGISTERS(trap), rax, RAX),
        .rbx = REGISTER(REGISTERS(trap), rbx, RBX),
        .rcx = REGISTER(REGISTERS(trap), rcx, RCX),
        .rdx = REGISTER(REGISTERS(trap), rdx, RDX),
        .rsi = REGISTER(REGISTERS(trap), rsi, RSI),
        .rdi = REGISTER(REGISTERS(trap), rdi, RDI),
        .rbp = REGISTER(REGISTERS(trap), rbp, RBP),
        .r8 = REGISTER(REGISTERS(trap), r8, R8),
        .r9 = REGISTER(REGISTERS(trap), r9, R9),
        .r10 = REGISTER(REGISTERS(trap), r10, R10),
        .r11 = REGISTER(REGISTERS(trap), r11, R11),
        .r12 = REGISTER(REGISTERS(trap), r12, R12),
        .r13 = REGISTER(REGISTERS(trap), r13, R13),
        .r14 = REGISTER(REGISTERS(trap), r14, R14),
        .r15 = REGISTER(REGISTERS(trap), r15, R15),
        .vector = VECTOR(trap),
        .error = ERROR(trap),
        .rip = REGISTER(REGISTERS(trap), rip, RIP),
        .cs = REGISTER(REGISTERS(trap), cs, CS),
        .rflags = REGISTER(REGISTERS(trap), eflags, RFLAGS),
        .rsp = REGISTER(REGISTERS(trap), rsp, RSP),
        .ss = REGISTER(REGISTERS(trap), ss, SS),
    };
    x86_report_exception(&frame);
}

// Runs before Unikraft's own handlers, which some releases have.
#define REPORT(event) UK_EVENT_HANDLER_PRIO(event, report, 0)

#ifdef UK_LCPU_EXCEPT_EVENT_UNHANDLED
REPORT(UK_LCPU_EXCEPT_EVENT_UNHANDLED);
#else
REPORT(UKARCH_TRAP_INVALID_OP);
REPORT(UKARCH_TRAP_DEBUG);
REPORT(UKARCH_TRAP_PAGE_FAULT);
REPORT(UKARCH_TRAP_BUS_ERROR);
REPORT(UKARCH_TRAP_MATH);
#ifdef UKARCH_TRAP_SECURITY
REPORT(UKARCH_TRAP_SECURITY);
#endif
#ifdef UKARCH_TRAP_X86_GP
REPORT(UKARCH_TRAP_X86_GP);
#endif
#endif
