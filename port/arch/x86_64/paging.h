// paging.h - the page tables everything runs on: an identity map with the least rights that work.

#ifndef PYMNET_X86_PAGING_H
#define PYMNET_X86_PAGING_H

#include <stddef.h>
#include <stdint.h>

// Rights of a mapping; reading is always allowed. Spec: Intel SDM volume 3, table 4-15 and following.
#define X86_MAP_WRITE (UINT64_C(1) << 1)
#define X86_MAP_UNCACHED (UINT64_C(3) << 3) // write-through and cache-disable: device registers
#define X86_MAP_NO_EXECUTE (UINT64_C(1) << 63)

#define X86_MAP_TEXT UINT64_C(0)
#define X86_MAP_RODATA X86_MAP_NO_EXECUTE
#define X86_MAP_DATA (X86_MAP_WRITE | X86_MAP_NO_EXECUTE)
#define X86_MAP_DEVICE (X86_MAP_DATA | X86_MAP_UNCACHED)

// Begins new tables, taking pages for them from `pool` on upwards; below `limit` everything must be reachable now.
void x86_paging_begin(uintptr_t pool, uintptr_t limit);

// Continues with the tables in use; x86_paging_pool() gives it pages.
void x86_paging_adopt(uint64_t *tables);

// Sets the pages for further tables. If they do not suffice the machine panics.
void x86_paging_pool(uintptr_t pool, uintptr_t limit);

// Pages' worth of tables, in bytes, that are always enough to map all of a range once its upper levels are there.
size_t x86_paging_tables_for(uintptr_t start, uintptr_t end);

// Maps whole pages one to one, by 2 MiB where the range allows it. Existing mappings stay.
void x86_paging_map(uintptr_t start, uintptr_t end, uint64_t rights);

// Maps the image (layout.h): text, rodata, data, everything but the guards between the stacks.
void x86_paging_map_image(void);

// Makes pages absent; in tables that are in use, from the next x86_paging_load() on.
void x86_paging_unmap(uintptr_t start, uintptr_t end);

// Switches to the new tables, or flushes those in use. Returns the first page not used by them. Calls a
// ring-0 service.
uintptr_t x86_paging_load(void);

#endif // PYMNET_X86_PAGING_H
