// block.c - the block devices of platform.h: a hypercall each, of any length.

#include "devices.h"
#include "hypercall.h"
#include "py/mperrno.h"
#include "platform/solo5/boot.h"

static const struct manifest *manifest;
static bool opened[MANIFEST_ENTRIES_MAX];

void blocks_init(const struct boot *boot) {
    manifest = boot->manifest;
}

int platform_block_open(unsigned handle, struct block_info *info) {
    int error = solo5_block_info(manifest, handle, info);
    if (error < 0 || opened[handle]) {
        return error < 0 ? error : -MP_EBUSY;
    }
    opened[handle] = true;
    return 0;
}

static int transfer(enum hvt_call call, unsigned handle, uint64_t offset, const void *data, size_t length) {
    if (length == 0) {
        return 0;
    }
    struct hvt_block_io io = {.handle = handle, .offset = offset, .data = (uintptr_t)data, .length = length};
    hvt_call(call, &io);
    return io.result == HVT_OK ? 0 : -MP_EIO;
}

int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length) {
    return transfer(HVT_BLOCK_READ, handle, offset, buffer, length);
}

int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length) {
    return transfer(HVT_BLOCK_WRITE, handle, offset, buffer, length);
}
