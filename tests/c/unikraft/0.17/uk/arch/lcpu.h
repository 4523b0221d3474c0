// The registers as Unikraft kept them before 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_ARCH_LCPU_H
#define PYMNET_TESTS_UK_ARCH_LCPU_H

struct __regs {
    unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, rip, cs, eflags, rsp, ss;
};

#endif // PYMNET_TESTS_UK_ARCH_LCPU_H
