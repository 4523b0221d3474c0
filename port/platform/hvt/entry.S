// entry.S - from solo5-hvt to ring.S. Facts: Solo5 hvt ABI 2: entered at CPL 0 in 64-bit mode, RDI = struct hvt_boot,
// on page tables of the tender's, which map the image for CPL 0 only and its own GDT not at all.
//
// As few instructions as possible (see ring.S): the page tables are part of the image (image.ld.S).

#include "platform/solo5/notes.S"

#define CPUID_SIGNATURE 0x40000000
#define EFER 0xc0000080
#define EFER_NXE 0x800

    SOLO5_NOTES SOLO5_TARGET_HVT

    .section .text.ring0, "ax"
    .globl hvt_entry
hvt_entry:
    lgdt x86_gdtr(%rip)
    mov $CPUID_SIGNATURE, %eax
    cpuid
    mov %ebx, hvt_hypervisor(%rip)
    mov $EFER, %ecx
    rdmsr
    or $EFER_NXE, %eax
    wrmsr
    lea hvt_page_map(%rip), %rax
    mov %rax, %cr3
    jmp x86_enter_ring3

// The first letters of the hypervisor's name, read at CPL 0.
    .bss
    .balign 4
    .globl hvt_hypervisor
hvt_hypervisor:
    .skip 4

    .section .note.GNU-stack, "", @progbits
