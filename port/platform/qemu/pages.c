// pages.c - the guard page of platform.h. All RAM is mapped by now, so the page is unmapped, which needs a
// flush.

#include "platform.h"
#include "arch/x86_64/paging.h"

bool platform_pages_absent(uintptr_t *start, uintptr_t *end) {
    uintptr_t tables = *start;
    *start += x86_paging_tables_for(*start, *end);
    if (*start >= *end) {
        *start = tables;
        return false;
    }
    x86_paging_pool(tables, *start);
    x86_paging_unmap(*start, *end);
    x86_paging_load();
    return true;
}
