// entry.S - from QEMU's loader to ring.S. Spec: the PVH boot protocol (Xen, docs/misc/pvh.html): 32-bit protected mode,
// flat segments, paging off, EBX = physical address of struct hvm_start_info.
//
// Runs at CPL 0: as little as possible (see ring.S), so the tables here map the first 16 MiB only. That is
// enough for x86_start() to build the real ones.

#define PAGE_SIZE_4K 4096
#define BOOT_ENTRY 0x007            // present, writable, user
#define BOOT_LARGE 0x087            // the same for 2 MiB
#define BOOT_LARGE_PAGES 8          // pvh.h knows the limit

#define CR4_PAE_OSFXSR_OSXMMEXCPT 0x620
#define CR0_PG_WP_NE_MP_PE 0x80010023
#define EFER 0xc0000080
#define EFER_LME_NXE 0x900

#define XEN_ELFNOTE_PHYS32_ENTRY 18

    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long qemu_entry

    .section .text.ring0, "ax"
    .code32
    .globl qemu_entry
qemu_entry:
    mov %ebx, %edi
    movl $boot_pdpt + BOOT_ENTRY, boot_pml4
    movl $boot_directory + BOOT_ENTRY, boot_pdpt
    .set page, 0
    .rept BOOT_LARGE_PAGES
    movl $(page << 21) + BOOT_LARGE, boot_directory + 8 * page
    .set page, page + 1
    .endr
    mov $CR4_PAE_OSFXSR_OSXMMEXCPT, %eax
    mov %eax, %cr4
    mov $boot_pml4, %eax
    mov %eax, %cr3
    mov $EFER, %ecx
    xor %edx, %edx
    mov $EFER_LME_NXE, %eax
    wrmsr
    mov $CR0_PG_WP_NE_MP_PE, %eax
    mov %eax, %cr0
    lgdt x86_gdtr
    ljmp $8, $1f
    .code64
1:  mov %edi, %edi                   // upper halves are undefined after the switch (SDM volume 1, 3.4.1.1)
    jmp x86_enter_ring3

    .bss
    .balign PAGE_SIZE_4K
boot_pml4:
    .skip PAGE_SIZE_4K
boot_pdpt:
    .skip PAGE_SIZE_4K
boot_directory:
    .skip PAGE_SIZE_4K

    .section .note.GNU-stack, "", @progbits
