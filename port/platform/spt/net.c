// net.c - the network of platform.h: one system call per frame, on the descriptors in the manifest.

#include "machine.h"
#include "py/mperrno.h"
#include "platform/solo5/boot.h"
#include "syscall.h"

#define FRAME_EXTRA 18 // Ethernet header and a VLAN tag, which the MTU does not count
#define QUEUE_ROOM 64  // the tap has a queue of its own

static const struct manifest *manifest;
static bool refused; // a frame was refused since the last nets_refused()

static struct net {
    bool open;
    int fd;
    size_t frame_size;
    struct net_counters counters;
} nets[MANIFEST_ENTRIES_MAX];

void nets_init(const struct manifest *devices) {
    manifest = devices;
}

bool nets_refused(void) {
    bool was = refused;
    refused = false;
    return was;
}

int platform_net_open(unsigned handle, struct net_info *info) {
    int error = solo5_net_info(manifest, handle, info);
    if (error < 0 || nets[handle].open) {
        return error < 0 ? error : -MP_EBUSY;
    }
    nets[handle] = (struct net) {
        .open = true,
        .fd = (int)manifest->entry[handle].host,
        .frame_size = info->mtu + FRAME_EXTRA,
    };
    return 0;
}

size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx) {
    *rx = (struct net_rx) {.csum = NET_CSUM_UNKNOWN};
    long length = spt_call(SYS_READ, nets[handle].fd, (long)buffer, (long)size, 0);
    return length > 0 ? (size_t)length : 0;
}

int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx) {
    struct net *net = &nets[handle];
    if (length == 0 || length > net->frame_size || tx->csum_start != 0 || tx->gso_size != 0) {
        return -MP_EINVAL;
    }
    long written = spt_call(SYS_WRITE, net->fd, (long)frame, (long)length, 0);
    net->counters.kicks++;
    refused = refused || written == -LINUX_EAGAIN;
    net->counters.tx_errors += written < 0 && written != -LINUX_EAGAIN;
    return written != -LINUX_EAGAIN; // a frame that the host refuses is lost, as on a link
}

void platform_net_flush(unsigned handle) {
    (void)handle;
}

uint32_t platform_net_link(unsigned handle) {
    (void)handle;
    return 1; // no link status
}

size_t platform_net_room(unsigned handle) {
    (void)handle;
    return QUEUE_ROOM;
}

void platform_net_counters(unsigned handle, struct net_counters *counters) {
    *counters = nets[handle].counters;
}
