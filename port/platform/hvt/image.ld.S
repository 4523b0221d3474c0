/* image.ld.S - the image for solo5-hvt, run through the C preprocessor: an ELF64 executable with Solo5's notes and with
 * its own page tables, which the linker fills in.
 *
 * The tables are right from the first instruction in ring 3 on: no ring-0 service is needed for them, and none of the
 * image is ever writable and executable (docs/adr/0010). They reach as far as the image and HVT_EARLY_TABLES do, in
 * tables of 2 MiB, two of them at most; hvt/pages.c maps the rest of the RAM, once. Spec: Intel SDM volume 3, 4.5 (4-level paging). */

#include "platform/hvt/layout.h"
#include "platform/solo5/boot.h"

#define TABLE 0x007                 /* present, writable, user: the rights are in the last level */
#define NX 0x8000000000000000
#define TEXT(address) ((address) + 0x005)
#define RODATA(address) ((address) + 0x005 + NX)
#define DATA(address) ((address) + 0x007 + NX)

/* A null pointer, what the tender left, the image part by part, the guards, and what follows the image. */
#define GUARD(address) \
    ((address) == x86_start_guard || (address) == x86_fault_guard || \
     (address) == x86_ring0_guard || (address) == x86_double_guard)
#define ENTRY_OF(address) QUAD( \
    (address) < SOLO5_BOOT_START ? 0 : \
    (address) < SOLO5_BOOT_END ? RODATA(address) : \
    (address) < image_text ? 0 : \
    (address) < image_text_end ? TEXT(address) : \
    (address) < image_rodata_end ? RODATA(address) : \
    GUARD(address) ? 0 : DATA(address))

#define PAGES_4(address) \
    ENTRY_OF(address) ENTRY_OF(address + 0x1000) ENTRY_OF(address + 0x2000) ENTRY_OF(address + 0x3000)
#define PAGES_16(address) \
    PAGES_4(address) PAGES_4(address + 0x4000) PAGES_4(address + 0x8000) PAGES_4(address + 0xc000)
#define PAGES_64(address) \
    PAGES_16(address) PAGES_16(address + 0x10000) PAGES_16(address + 0x20000) PAGES_16(address + 0x30000)
#define PAGES_256(address) \
    PAGES_64(address) PAGES_64(address + 0x40000) PAGES_64(address + 0x80000) PAGES_64(address + 0xc0000)

ENTRY(hvt_entry)

PHDRS {
    interpreter PT_INTERP;
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
    abi PT_NOTE FLAGS(4);
    manifest PT_NOTE FLAGS(4);
}

SECTIONS {
    . = 0x100000;
    image_text = .;
    .text : { *(.text.ring0) *(.text .text.*) } :text
    . = ALIGN(4096);
    image_text_end = .;

    image_rodata = .;
    .interp : { KEEP(*(.interp)) } :rodata :interpreter
    .note.solo5.abi : { KEEP(*(.note.solo5.abi)) } :rodata :abi
    .note.solo5.manifest : { KEEP(*(.note.solo5.manifest)) } :rodata :manifest
    .rodata : { *(.rodata .rodata.*) } :rodata
    . = ALIGN(4096);
    image_rodata_end = .;

    image_data = .;
    .data : {
        *(.data .data.*)
        . = ALIGN(4096);
        hvt_page_map = .;
        QUAD(hvt_pointers + TABLE)
        . = ALIGN(4096);
        hvt_pointers = .;
        QUAD(hvt_directory + TABLE)
        . = ALIGN(4096);
        hvt_directory = .;
        QUAD(hvt_tables + TABLE)
        QUAD(image_end + HVT_EARLY_TABLES > HVT_TABLE_REACH ? hvt_tables + 0x1000 + TABLE : 0)
        . = ALIGN(4096);
        hvt_tables = .;
        PAGES_256(0x000000) PAGES_256(0x100000) PAGES_256(0x200000) PAGES_256(0x300000)
    } :data
    .bss : { *(.bss .bss.* COMMON) } :data
    . = ALIGN(4096);
    image_end = .;

    ASSERT(image_end + HVT_EARLY_TABLES <= 2 * HVT_TABLE_REACH, "the image and its files are larger than the page tables of solo5-hvt: put files on a block device")

    /DISCARD/ : { *(.comment) *(.eh_frame*) *(.note.GNU-stack) *(.note.gnu.*) *(.dynamic) }
}
