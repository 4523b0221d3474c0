// fault.c - exceptions of the processor: Unikraft's trap events, in the frame that x86/traps.c reports.

#include <uk/arch/lcpu.h>
#include <uk/arch/traps.h>
#include <uk/event.h>

#include "x86/traps.h"

static int report(void *data) {
    const struct ukarch_trap_ctx *trap = data;
    const struct __regs *regs = trap->regs;
    struct x86_frame frame = {
        .cr2 = trap->fault_address,
        .rax = regs->rax,
        .rbx = regs->rbx,
        .rcx = regs->rcx,
        .rdx = regs->rdx,
        .rsi = regs->rsi,
        .rdi = regs->rdi,
        .rbp = regs->rbp,
        .r8 = regs->r8,
        .r9 = regs->r9,
        .r10 = regs->r10,
        .r11 = regs->r11,
        .r12 = regs->r12,
        .r13 = regs->r13,
        .r14 = regs->r14,
        .r15 = regs->r15,
        .vector = (uint64_t)trap->trapnr,
        .error = (uint64_t)trap->error_code,
        .rip = regs->rip,
        .cs = regs->cs,
        .rflags = regs->eflags,
        .rsp = regs->rsp,
        .ss = regs->ss,
    };
    x86_report_exception(&frame);
}

UK_EVENT_HANDLER(UKARCH_TRAP_INVALID_OP, report);
UK_EVENT_HANDLER(UKARCH_TRAP_DEBUG, report);
UK_EVENT_HANDLER(UKARCH_TRAP_PAGE_FAULT, report);
UK_EVENT_HANDLER(UKARCH_TRAP_BUS_ERROR, report);
UK_EVENT_HANDLER(UKARCH_TRAP_MATH, report);
#ifdef UKARCH_TRAP_SECURITY
UK_EVENT_HANDLER(UKARCH_TRAP_SECURITY, report);
#endif
#ifdef UKARCH_TRAP_X86_GP
UK_EVENT_HANDLER(UKARCH_TRAP_X86_GP, report);
#endif
