// entry.S - from solo5-spt to C. Facts: Solo5 spt ABI 2: a jump, on the tender's only thread, RDI = struct spt_boot, RSP at
// the end of the memory given to us.

#include "platform/solo5/notes.S"
#include "platform/spt/layout.h"

    SOLO5_NOTES SOLO5_TARGET_SPT

    .section .text.entry, "ax"
    .globl spt_entry
spt_entry:
    lea spt_stack_top(%rip), %rsp
    xor %ebp, %ebp
    call spt_start
    ud2

// A segment of one page without any permissions: the only guard possible under spt.
    .section .guard, "a", @progbits
    .balign 4096
    .skip 4096

// The tender skips a segment without file contents, and then does not check that it fits in memory.
    .section .stack, "aw", @progbits
    .balign 4096
    .globl spt_stack, spt_stack_top
spt_stack:
    .quad 0
    .section .stack_rest, "aw", @nobits
    .skip SPT_STACK_SIZE - 8
spt_stack_top:

    .section .note.GNU-stack, "", @progbits
