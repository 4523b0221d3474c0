// boot.c - see boot.h.

#include <string.h>

#include "boot.h"
#include "cmdline.h"
#include "genhdr/mpversion.h"
#include "py/mperrno.h"
#include "text.h"

#define MTU_MIN 576
#define MAC_MULTICAST 1
#define SECTOR_MIN 512

_Noreturn void solo5_stop(const char *reason) {
    text_say(reason, NULL);
    platform_panic(1);
}

static bool inside(uint64_t address, uint64_t size) {
    return address >= SOLO5_BOOT_START && address <= SOLO5_BOOT_END && size <= SOLO5_BOOT_END - address;
}

static const char *checked_arguments(uint64_t address) {
    const char *arguments = (const char *)(uintptr_t)address;
    if (!inside(address, 1)) {
        return NULL;
    }
    size_t size = SOLO5_BOOT_END - address;
    size = size < SOLO5_ARGUMENTS_SIZE ? size : SOLO5_ARGUMENTS_SIZE;
    return memchr(arguments, '\0', size) != NULL ? arguments : NULL;
}

static const struct manifest *checked_manifest(uint64_t address) {
    const struct manifest *manifest = (const struct manifest *)(uintptr_t)address;
    if (!inside(address, sizeof(*manifest)) || address % _Alignof(struct manifest) != 0) {
        return NULL;
    }
    unsigned count = manifest_count(manifest);
    if (count == 0 || !inside(address, sizeof(*manifest) + count * sizeof(struct manifest_entry))) {
        return NULL;
    }
    for (unsigned i = 0; i < count; i++) {
        if (manifest->entry[i].name[MANIFEST_NAME_SIZE - 1] != '\0') {
            return NULL;
        }
    }
    return manifest;
}

void solo5_boot(struct boot *boot, uint64_t arguments, uint64_t manifest) {
    boot->arguments = checked_arguments(arguments);
    if (boot->arguments == NULL) {
        solo5_stop("the tender gave no arguments that end: is this a Solo5 tender of ABI version 2?");
    }
    boot->manifest = checked_manifest(manifest);
    if (boot->manifest == NULL) {
        solo5_stop("the tender gave no device manifest: is this a Solo5 tender of ABI version 2?");
    }
}

static const struct manifest_entry *attached(
    const struct manifest *manifest, unsigned handle, enum manifest_type type) {
    if (handle >= manifest_count(manifest)) {
        return NULL;
    }
    const struct manifest_entry *entry = &manifest->entry[handle];
    return entry->type == type && entry->attached ? entry : NULL;
}

int solo5_block_info(const struct manifest *manifest, unsigned handle, struct block_info *info) {
    const struct manifest_entry *entry = attached(manifest, handle, MANIFEST_BLOCK);
    if (entry == NULL) {
        return -MP_ENODEV;
    }
    uint64_t capacity = entry->u.block.capacity;
    uint16_t sector_size = entry->u.block.block_size;
    if (sector_size < SECTOR_MIN || (sector_size & (sector_size - 1)) != 0 || capacity % sector_size != 0) {
        return -MP_EIO;
    }
    *info = (struct block_info) {.capacity = capacity, .sector_size = sector_size};
    return 0;
}

int solo5_net_info(const struct manifest *manifest, unsigned handle, struct net_info *info) {
    const struct manifest_entry *entry = attached(manifest, handle, MANIFEST_NET);
    if (entry == NULL) {
        return -MP_ENODEV;
    }
    if (entry->u.net.mtu < MTU_MIN || entry->u.net.mac[0] & MAC_MULTICAST) {
        return -MP_EIO;
    }
    *info = (struct net_info) {.mtu = entry->u.net.mtu, .features = 0};
    memcpy(info->mac, entry->u.net.mac, sizeof(info->mac));
    return 0;
}

void solo5_banner(const struct boot *boot) {
    if (cmdline_find(boot->arguments, "--solo5:quiet") != NULL) {
        return;
    }
    struct text line = {.length = 0};
    text_add(&line, "pymnet on MicroPython " MICROPY_GIT_TAG ", ");
    text_add(&line, board_name);
    text_add(&line, ", ");
    text_add_decimal(&line, (boot->memory_end + PLATFORM_PAGE) >> 20);
    text_add(&line, " MiB, devices:");
    unsigned count = manifest_count(boot->manifest);
    for (unsigned i = 1; i < count; i++) {
        const struct manifest_entry *entry = &boot->manifest->entry[i];
        text_add(&line, entry->type == MANIFEST_NET ? " net " : entry->type == MANIFEST_BLOCK ? " block " : " other ");
        text_add(&line, entry->name);
    }
    text_add(&line, count > 1 ? "" : " none");
    text_print(&line);
}
