// boot.h - data that every Solo5 tender leaves in the guest's memory: the arguments, and the manifest with
// its devices filled in. Facts: Solo5 ABI 2, hvt and spt alike. Addresses come from outside and are checked
// before any access.

#ifndef PYMNET_SOLO5_BOOT_H
#define PYMNET_SOLO5_BOOT_H

#ifndef __ASSEMBLER__
#include "platform.h"
#endif

// Where tenders put the data, on both targets: between their own tables and the image. A manifest of 64
// entries and the longest arguments end below the limit.
#define SOLO5_BOOT_START 0x10000
#define SOLO5_BOOT_END 0x15000

#define SOLO5_ARGUMENTS_SIZE 8192 // with the NUL

#ifndef __ASSEMBLER__

// Uses arguments and manifest in place. Invalid data stops the image with one line.
void solo5_boot(struct boot *boot, uint64_t arguments, uint64_t manifest);

// Reads the net device with that handle from the manifest: 0 and `info`, or the error for
// platform_net_open().
int solo5_net_info(const struct manifest *manifest, unsigned handle, struct net_info *info);

// The same for block devices.
int solo5_block_info(const struct manifest *manifest, unsigned handle, struct block_info *info);

// Prints one line about the image and its machine, unless the arguments have --solo5:quiet.
void solo5_banner(const struct boot *boot);

// Ends the image with one line, before there is a runtime.
_Noreturn void solo5_stop(const char *reason);

#endif // __ASSEMBLER__

#endif // PYMNET_SOLO5_BOOT_H
