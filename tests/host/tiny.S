# tiny.S - the smallest guest: says hello on COM1, gives its exit code and stops the machine.
# PVH enters in 32-bit protected mode; EXIT is the status to report, STATUS=0 leaves the report out.

    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, 18              # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long start

    .text
    .code32
    .globl start
start:
    movl $greeting, %esi
    movl $(status - greeting), %ecx
    movw $0x3f8, %dx
    rep outsb
#if WAIT
1:  hlt
    jmp 1b
#endif
#if STATUS
    movl $status, %esi
    movl $(end - status), %ecx
    movw $0x501, %dx
    rep outsb
#endif
    movw $0xf4, %dx
    outl %eax, %dx
2:  hlt
    jmp 2b

    .section .rodata
greeting:
    .ascii GREETING
status:
    .ascii "exit ", EXIT, "\n"
end:

    .section .note.GNU-stack, "", @progbits
