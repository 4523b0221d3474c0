// traps.h - the frame that ring.S leaves on the ring-0 stack at an exception.

#ifndef PYMNET_X86_TRAPS_H
#define PYMNET_X86_TRAPS_H

#include <stdint.h>

struct x86_frame {
    uint64_t cr2;
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss; // pushed by the processor (SDM volume 3, 6.14.2)
};

// Prints the frame and ends the machine with exit code 120 + vector. Entered from ring.S, in ring 3.
_Noreturn void x86_report_exception(const struct x86_frame *frame);

#endif // PYMNET_X86_TRAPS_H
