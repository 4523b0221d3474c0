// pvh.h - reading the start information of the PVH boot protocol. Spec: Xen, public/arch-x86/hvm/start_info.h.
// Compiles on a host as well (tests/c): addresses become pointers through `low`, the memory that starts at address 0.

#ifndef PYMNET_QEMU_PVH_H
#define PYMNET_QEMU_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The range of the boot tables of entry.S; start information outside is refused.
#define PVH_REACH ((uintptr_t)16 << 20)

// Copies the command line, NUL-terminated. false: `address` is no start information, or the line does not fit.
bool pvh_arguments(const uint8_t *low, uintptr_t address, char *buffer, size_t size);

// Returns the end of the RAM region that contains `inside`, from the memory map; 0: there is none.
uint64_t pvh_memory_end(const uint8_t *low, uintptr_t address, uint64_t inside);

#endif // PYMNET_QEMU_PVH_H
