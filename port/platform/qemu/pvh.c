// pvh.c - see pvh.h. All input comes from outside: each address and length is checked before use.

#include <string.h>

#include "pvh.h"

#define START_MAGIC 0x336ec578
#define MEMORY_RAM 1 // E820's number
#define REGIONS_MAX 128

struct start_info {
    uint32_t magic, version, flags, modules;
    uint64_t module_list, command_line, rsdp;
    uint64_t memory_map; // from version 1 on
    uint32_t memory_regions, reserved;
};

struct memory_region {
    uint64_t start, size;
    uint32_t type, reserved;
};

static bool reachable(uint64_t address, uint64_t size) {
    return address != 0 && address < PVH_REACH && size <= PVH_REACH - address;
}

static bool read_info(const uint8_t *low, uintptr_t address, struct start_info *info) {
    if (!reachable(address, sizeof(*info))) {
        return false;
    }
    memcpy(info, low + address, sizeof(*info));
    return info->magic == START_MAGIC;
}

bool pvh_arguments(const uint8_t *low, uintptr_t address, char *buffer, size_t size) {
    struct start_info info;
    buffer[0] = '\0';
    if (!read_info(low, address, &info)) {
        return false;
    }
    if (info.command_line == 0) {
        return true;
    }
    for (size_t i = 0; i < size && reachable(info.command_line, i + 1); i++) {
        buffer[i] = (char)low[info.command_line + i];
        if (buffer[i] == '\0') {
            return true;
        }
    }
    buffer[0] = '\0';
    return false;
}

uint64_t pvh_memory_end(const uint8_t *low, uintptr_t address, uint64_t inside) {
    struct start_info info;
    if (!read_info(low, address, &info) || info.version < 1 || info.memory_regions > REGIONS_MAX
        || !reachable(info.memory_map, info.memory_regions * sizeof(struct memory_region))) {
        return 0;
    }
    for (uint32_t i = 0; i < info.memory_regions; i++) {
        struct memory_region region;
        memcpy(&region, low + info.memory_map + i * sizeof(region), sizeof(region));
        if (region.type == MEMORY_RAM && inside >= region.start && inside - region.start < region.size) {
            return region.size <= UINT64_MAX - region.start ? region.start + region.size : UINT64_MAX;
        }
    }
    return 0;
}
