// block.c - the block devices of platform.h: one system call per sector, which is all that the tender's
// filter allows.

#include "machine.h"
#include "py/mperrno.h"
#include "platform/solo5/boot.h"
#include "syscall.h"

static const struct manifest *manifest;

static struct block {
    bool open;
    int fd;
    uint32_t sector_size;
} blocks[MANIFEST_ENTRIES_MAX];

void blocks_init(const struct manifest *devices) {
    manifest = devices;
}

int platform_block_open(unsigned handle, struct block_info *info) {
    int error = solo5_block_info(manifest, handle, info);
    if (error < 0 || blocks[handle].open) {
        return error < 0 ? error : -MP_EBUSY;
    }
    blocks[handle] = (struct block) {
        .open = true,
        .fd = (int)manifest->entry[handle].host,
        .sector_size = info->sector_size,
    };
    return 0;
}

static int transfer(long call, unsigned handle, uint64_t offset, const char *data, size_t length) {
    const struct block *block = &blocks[handle];
    for (size_t done = 0; done < length; done += block->sector_size) {
        long moved = spt_call(call, block->fd, (long)(data + done), block->sector_size, (long)(offset + done));
        if (moved != block->sector_size) {
            return -MP_EIO;
        }
    }
    return 0;
}

int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length) {
    return transfer(SYS_PREAD64, handle, offset, buffer, length);
}

int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length) {
    return transfer(SYS_PWRITE64, handle, offset, buffer, length);
}
