"""What the guest finds when it starts: page tables, GDT, boot_info, manifest and arguments (ABI section 2.4).

All of it below the image: 0x1000 GDT, 0x2000 PML4, 0x3000 page directory pointers, 0x4000 four page
directories, 0x8000 one page table, 0x10000 boot_info. The tables map [0x10000, size) and the net
ring above for ring 0, the part below 0x100000 read-only, and leave themselves out.
"""

import struct

from host.errors import HostError
from host.tender.console import FEATURE_PUTS_SOME
from host.tender.memory import HUGE_PAGE, PAGE, Memory

GDT, PML4, PDPT, PD, PT = 0x1000, 0x2000, 0x3000, 0x4000, 0x8000
PDS = 4  # page directories: 4 GiB
BOOT_INFO = 0x10000
CMDLINE_MAX = 8192
GDT_ENTRIES = (0, 0x00AF_9900_0000_FFFF, 0x00CF_9300_0000_FFFF)  # null, code (0x08), data (0x10)
GDT_LIMIT = 8 * len(GDT_ENTRIES) - 1
PRESENT, WRITABLE, HUGE = 0x01, 0x02, 0x80

# Registers
CR0, CR4, EFER = 0x80010021, 0x620, 0x500  # PE NE WP PG, PAE OSFXSR OSXMMEXCPT, LME LMA
RFLAGS = 2

INFO = struct.Struct("<QQQQQIIQ")
FEATURE_RING = 1


def table(entries: list[int]) -> bytes:
    return struct.pack(f"<{len(entries)}Q", *entries)


def page_tables(memory: Memory) -> None:
    memory.load(PML4, table([PDPT | PRESENT | WRITABLE]))
    memory.load(PDPT, table([(PD + PAGE * i) | PRESENT | WRITABLE for i in range(PDS)]))
    # At most as many as the directories hold: the guest maps the ring of the largest guest itself.
    huge = [i * HUGE_PAGE | PRESENT | WRITABLE | HUGE for i in range(len(memory) // HUGE_PAGE)][: PDS * 512]
    memory.load(PD, table([PT | PRESENT | WRITABLE, *huge[1:]]))
    low, kernel = BOOT_INFO // PAGE, 0x100000 // PAGE
    pages = [0] * low
    pages += [i * PAGE | PRESENT for i in range(low, kernel)]
    pages += [i * PAGE | PRESENT | WRITABLE for i in range(kernel, HUGE_PAGE // PAGE)]
    memory.load(PT, table(pages))


def boot_info(
    memory: Memory, kernel_end: int, manifest: bytes, arguments: str, tsc_hz: int, ring: int
) -> None:
    """Build boot_info. `ring`: address of the net ring, 0 for none."""
    line = arguments.encode() + b"\0"
    if len(line) > CMDLINE_MAX:
        raise HostError(f"the guest's arguments take {len(line)} bytes, there is room for {CMDLINE_MAX}")
    manifest_at = BOOT_INFO + INFO.size
    line_at = manifest_at + len(manifest)
    features = FEATURE_PUTS_SOME | (FEATURE_RING if ring else 0)
    info = INFO.pack(memory.size, kernel_end, tsc_hz, line_at, manifest_at, features, 0, ring)
    memory.load(BOOT_INFO, info + manifest + line)


def set_up(memory: Memory, kernel_end: int, manifest: bytes, arguments: str, tsc_hz: int, ring: int) -> None:
    memory.load(GDT, table(list(GDT_ENTRIES)))
    page_tables(memory)
    boot_info(memory, kernel_end, manifest, arguments, tsc_hz, ring)
