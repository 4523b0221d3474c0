// paging.c - building and changing page tables, in ring 3. Spec: Intel SDM volume 3, 4.5 (4-level paging).
//
// The tables are ordinary user-writable pages. Taking rights away needs a new CR3 (a ring-0 service) to flush the TLB;
// bringing an absent page back needs nothing, as absent entries are never cached (4.10.2.3).

#include <stddef.h>
#include <string.h>

#include "layout.h"
#include "paging.h"
#include "platform.h"
#include "ring.h"

#define ENTRIES 512
#define PAGE_4K UINT64_C(0x1000)
#define PAGE_2M UINT64_C(0x200000)

#define ENTRY_PRESENT UINT64_C(0x001)
#define ENTRY_USER UINT64_C(0x004)
#define ENTRY_LARGE UINT64_C(0x080)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)

static uint64_t *root;
static uintptr_t pool_next, pool_limit;

static uint64_t *new_table(void) {
    if (pool_next + PAGE_4K > pool_limit) {
        platform_console_write("no memory for page tables\n", 26);
        platform_panic(1);
    }
    uint64_t *table = (uint64_t *)pool_next;
    pool_next += PAGE_4K;
    memset(table, 0, PAGE_4K);
    return table;
}

// The rights are in the last level alone: those above allow everything.
static uint64_t *next_level(uint64_t *entry) {
    if (!(*entry & ENTRY_PRESENT)) {
        *entry = (uint64_t)new_table() | ENTRY_PRESENT | ENTRY_USER | X86_MAP_WRITE;
    }
    return (uint64_t *)(*entry & ENTRY_ADDRESS);
}

// The entry of the page directory that covers an address, its upper levels made where they are missing.
static uint64_t *directory_entry(uintptr_t address) {
    uint64_t *pdpt = next_level(&root[address >> 39 & (ENTRIES - 1)]);
    uint64_t *directory = next_level(&pdpt[address >> 30 & (ENTRIES - 1)]);
    return &directory[address >> 21 & (ENTRIES - 1)];
}

// A 2 MiB page that gets an entry of its own somewhere keeps the rest, page by page.
static void split(uint64_t *entry) {
    uint64_t rights = *entry & ~(ENTRY_ADDRESS | ENTRY_LARGE);
    uint64_t address = *entry & ENTRY_ADDRESS;
    uint64_t *table = new_table();
    for (unsigned i = 0; i < ENTRIES; i++) {
        table[i] = (address + i * PAGE_4K) | rights;
    }
    *entry = (uint64_t)table | ENTRY_PRESENT | ENTRY_USER | X86_MAP_WRITE;
}

static uint64_t *table_entry(uintptr_t address) {
    uint64_t *entry = directory_entry(address);
    if (*entry & ENTRY_LARGE) {
        split(entry);
    }
    uint64_t *table = next_level(entry);
    return &table[address >> 12 & (ENTRIES - 1)];
}

void x86_paging_pool(uintptr_t pool, uintptr_t limit) {
    pool_next = pool;
    pool_limit = limit;
}

void x86_paging_begin(uintptr_t pool, uintptr_t limit) {
    x86_paging_pool(pool, limit);
    root = new_table();
}

void x86_paging_adopt(uint64_t *tables) {
    root = tables;
}

void x86_paging_map(uintptr_t start, uintptr_t end, uint64_t rights) {
    rights |= ENTRY_PRESENT | ENTRY_USER;
    while (start < end) {
        uint64_t *entry = directory_entry(start);
        if (start % PAGE_2M == 0 && end - start >= PAGE_2M && !(*entry & ENTRY_PRESENT)) {
            *entry = start | rights | ENTRY_LARGE;
            start += PAGE_2M;
            continue;
        }
        entry = table_entry(start);
        if (!(*entry & ENTRY_PRESENT)) {
            *entry = start | rights;
        }
        start += PAGE_4K;
    }
}

static void unmap_guard(const char *guard) {
    *table_entry((uintptr_t)guard) = 0;
}

void x86_paging_map_image(void) {
    x86_paging_map((uintptr_t)image_text, (uintptr_t)image_text_end, X86_MAP_TEXT);
    x86_paging_map((uintptr_t)image_rodata, (uintptr_t)image_rodata_end, X86_MAP_RODATA);
    x86_paging_map((uintptr_t)image_data, (uintptr_t)image_end, X86_MAP_DATA);
    unmap_guard(x86_start_guard);
    unmap_guard(x86_fault_guard);
    unmap_guard(x86_ring0_guard);
    unmap_guard(x86_double_guard);
}

uintptr_t x86_paging_load(void) {
    x86_service_load_cr3((uintptr_t)root);
    return pool_next;
}

void x86_paging_unmap(uintptr_t start, uintptr_t end) {
    while (start < end) {
        uint64_t *entry = directory_entry(start);
        if (start % PAGE_2M == 0 && end - start >= PAGE_2M) {
            *entry = 0;
            start += PAGE_2M;
            continue;
        }
        *table_entry(start) = 0;
        start += PAGE_4K;
    }
}

size_t x86_paging_tables_for(uintptr_t start, uintptr_t end) {
    return ((end - 1) / PAGE_2M - start / PAGE_2M + 1) * PAGE_4K;
}
