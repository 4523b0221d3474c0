// switch_x86_64.S - the context switch. System V AMD64 psABI 3.2.1: rbx, rbp, r12 to r15 and rsp belong to
// the caller; so do MXCSR and the x87 control word, which are never changed here.

    .text

// void fiber_context_switch(void **save_sp, void *load_sp)
    .globl fiber_context_switch
    .type fiber_context_switch, @function
fiber_context_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size fiber_context_switch, . - fiber_context_switch

// void fiber_context_exchange(void **save_sp, void *stack, void *(*exchange)(void))
// The same, with a call on another stack in between, while neither stack is in use: it returns the stack pointer to load.
    .globl fiber_context_exchange
    .type fiber_context_exchange, @function
fiber_context_exchange:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    call *%rdx
    movq %rax, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size fiber_context_exchange, . - fiber_context_exchange

// void *fiber_context_new(void *stack_top, void (*entry)(void))
// Lays out, below a 16-byte aligned top, what the switch pops: six registers, then the address it returns to.
// Above it a null return address ends backtraces and leaves rsp at entry as after a call (psABI 3.2.2).
    .globl fiber_context_new
    .type fiber_context_new, @function
fiber_context_new:
    leaq -64(%rdi), %rax
    xorl %edx, %edx
    movq %rdx, 0(%rax)
    movq %rdx, 8(%rax)
    movq %rdx, 16(%rax)
    movq %rdx, 24(%rax)
    movq %rdx, 32(%rax)
    movq %rdx, 40(%rax)
    movq %rsi, 48(%rax)
    movq %rdx, 56(%rax)
    ret
    .size fiber_context_new, . - fiber_context_new

    .section .note.GNU-stack, "", @progbits
