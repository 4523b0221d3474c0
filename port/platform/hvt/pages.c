// pages.c - see pages.h; the guard page of platform.h.
//
// Removing a page needs a ring-0 service, which does not exist where the guest gets no exceptions (unicorn).
// So no page is ever removed: everything but the guard is mapped when the runtime has told where that is.

#include "layout.h"
#include "pages.h"
#include "arch/x86_64/paging.h"

static uintptr_t ram, ram_end;

void pages_init(struct boot *boot) {
    x86_paging_adopt(hvt_page_map);
    x86_paging_pool(boot->memory, boot->memory + HVT_EARLY_TABLES);
    boot->memory += HVT_EARLY_TABLES;
    ram = boot->memory;
    ram_end = boot->memory_end;
}

bool platform_pages_absent(uintptr_t *start, uintptr_t *end) {
    uintptr_t tables = *start;
    *start += x86_paging_tables_for(*start, *end);
    if (*start >= *end) {
        *start = tables;
        x86_paging_map(ram, ram_end, X86_MAP_DATA);
        return false;
    }
    x86_paging_map(ram, *start, X86_MAP_DATA);
    x86_paging_map(*end, ram_end, X86_MAP_DATA);
    x86_paging_pool(tables, *start);
    return true;
}
