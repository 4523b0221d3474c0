// ring.S - the only code that runs at CPL 0: the way down to ring 3, the services for it, and exceptions and
// interrupts. Spec: Intel SDM volume 3, chapters 6 (interrupts) and 8 (tasks).
//
// Must use only what the PVM host's CPL-0 emulator supports (no SSE, no x87, no int n, no lretq to ring 3
// ...), and little of it: each instruction costs there as much as a thousand in ring 3.

#include "ring.h"

    .section .text.ring0, "ax"
    .code64

// Called by a platform's entry code: 64-bit mode at CPL 0, x86_gdt loaded, paging on with the image mapped
// for user access. RDI is passed to x86_start().
    .globl x86_enter_ring3
x86_enter_ring3:
    lidt x86_idtr(%rip)
    lea x86_tss(%rip), %rax          // the descriptor's base is in three pieces (SDM volume 3, figure 8-4)
    mov %ax, x86_gdt_tss + 2(%rip)
    shr $16, %rax
    mov %al, x86_gdt_tss + 4(%rip)
    mov %ah, x86_gdt_tss + 7(%rip)
    mov $X86_SELECTOR_TSS, %eax
    ltr %ax
    lea x86_ring0_stack_top(%rip), %rsp
    lea x86_start_stack_top - 8(%rip), %rax // as after a call: RSP mod 16 is 8
    pushq $X86_SELECTOR_DATA3
    pushq %rax
    pushq $0x3002                    // IOPL 3: port I/O where the I/O bitmap does not count; IF stays 0
    lea x86_start(%rip), %rax
    pushq $X86_SELECTOR_CODE3
    pushq %rax
    iretq

// Services --------------------------------------------------------------------------------------------------------
// Ring 3's half: number in EAX, arguments as C passes them, then the one ud2 that is no mistake. `int n` would be the
// usual way, but gives #UD under PVM whatever the gate's DPL.

    .text
    .macro SERVICE name, number
    .globl \name
\name:
    mov $\number, %eax
    jmp x86_service_call
    .endm

    SERVICE x86_service_idle, 0
    SERVICE x86_service_load_cr3, 1
    SERVICE x86_service_rdmsr, 2
    SERVICE x86_service_wrmsr, 3

    .globl x86_service_cpuid
x86_service_cpuid:
    push %rbx
    mov %rdx, %r8
    mov $4, %eax
    call x86_service_call
    mov %eax, (%r8)
    mov %ebx, 4(%r8)
    mov %ecx, 8(%r8)
    mov %edx, 12(%r8)
    pop %rbx
    ret

x86_service_call:
    ud2
x86_service_return:
    ret

// Ring 0's half. Only that one ud2, run in ring 3, is a call; any other #UD is reported like every exception.
    .section .text.ring0, "ax"
    .balign 16
x86_gate_invalid_opcode:
    cmpq $x86_service_call, (%rsp)
    jne 9f
    movq $x86_service_return, (%rsp)
    cmp $1, %eax
    jb 0f
    je 1f
    cmp $3, %eax
    jb 2f
    je 3f
    mov %edi, %eax                   // 4: cpuid
    mov %esi, %ecx
    cpuid
    iretq
0:  sti                              // the instruction after sti still runs uninterrupted: no wake-up gets lost
    hlt
    iretq
1:  mov %rdi, %cr3
    iretq
2:  mov %edi, %ecx
    rdmsr
    shl $32, %rdx
    or %rdx, %rax
    iretq
3:  mov %edi, %ecx
    mov %esi, %eax
    mov %rsi, %rdx
    shr $32, %rdx
    wrmsr
    iretq
9:  pushq $0
    pushq $6
    jmp x86_exception

// Exceptions ------------------------------------------------------------------------------------------------------
// One stub of 16 bytes for each vector; those without an error code push 0 in its place (SDM volume 3, table 6-1).

    .globl x86_exception_gates
    .balign 16
x86_exception_gates:
    .set vector, 0
    .rept 32
    .balign 16
    .if vector == 6
    jmp x86_gate_invalid_opcode
    .else
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
    pushq $0
    .endif
    pushq $vector
    jmp x86_exception
    .endif
    .set vector, vector + 1
    .endr

// Saves the registers (struct x86_frame in traps.h) and reports them in ring 3, on a separate stack; does not
// return.
    .balign 16
x86_exception:
    push %r15
    push %r14
    push %r13
    push %r12
    push %r11
    push %r10
    push %r9
    push %r8
    push %rbp
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %rbx
    push %rax
    mov %cr2, %rax
    push %rax
    mov %rsp, %rdi
    lea x86_fault_stack_top - 8(%rip), %rax
    pushq $X86_SELECTOR_DATA3
    pushq %rax
    pushq $0x3002
    lea x86_report_exception(%rip), %rax
    pushq $X86_SELECTOR_CODE3
    pushq %rax
    iretq

// Interrupts ------------------------------------------------------------------------------------------------------
// They come only inside the idle service, so noting which one is all there is to do; ring 3 acknowledges it. The saved IF
// is cleared so that exactly one is taken for each sleep, and one EOI ends it. 16 bytes each.

    .globl x86_irq_gates, x86_spurious_gate
    .balign 16
x86_irq_gates:
    .set irq, 0
    .rept X86_IRQS
    .balign 16
    movb $1, x86_irq_raised + irq(%rip)
    andb $0xfd, 17(%rsp)             // IF is bit 9 of the RFLAGS at 16(%rsp)
    iretq
    .set irq, irq + 1
    .endr
    .balign 16
x86_spurious_gate:
    andb $0xfd, 17(%rsp)
    iretq

// Tables ----------------------------------------------------------------------------------------------------------

    .data
    .balign 16
    .globl x86_gdt, x86_gdtr
x86_gdt:                             // all with the accessed bit, so that the processor need not write them
    .quad 0
    .quad 0x00af9b000000ffff         // code, ring 0, 64-bit
    .quad 0x00cf93000000ffff         // data, ring 0
    .quad 0x00cff3000000ffff         // data, ring 3
    .quad 0x00affb000000ffff         // code, ring 3, 64-bit
x86_gdt_tss:                         // limit: 104 bytes and the I/O bitmap (descriptors.c); the base comes at entry
    .quad 0x0000890000002068, 0
x86_gdt_end:
    .balign 8
    .word 0, 0, 0
x86_gdtr:                            // the first six bytes do for a 32-bit lgdt
    .word x86_gdt_end - x86_gdt - 1
    .quad x86_gdt
    .word 0, 0, 0
x86_idtr:
    .word 256 * 16 - 1
    .quad x86_idt

    .bss
    .globl x86_irq_raised
x86_irq_raised:
    .skip X86_IRQS

    .macro STACK name, size
    .balign 4096
    .globl x86_\name\()_guard, x86_\name\()_stack, x86_\name\()_stack_top
x86_\name\()_guard:
    .skip 4096
x86_\name\()_stack:
    .skip \size
x86_\name\()_stack_top:
    .endm

    STACK start, X86_START_STACK_SIZE   // ring 3: the platform's start-up and the runtime's first fiber
    STACK fault, X86_FAULT_STACK_SIZE   // ring 3: the exception report
    STACK ring0, X86_RING0_STACK_SIZE   // ring 0: every gate but those below
    STACK double, X86_RING0_STACK_SIZE  // ring 0: #DF, NMI and #MC, by IST, as the other may be what failed

    .section .note.GNU-stack, "", @progbits
