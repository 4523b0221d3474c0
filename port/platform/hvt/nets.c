// nets.c - network and polling of platform.h: through the net ring where the tender offers it, else by
// hypercalls.

#include <string.h>

#include "hypercall.h"
#include "devices.h"
#include "py/mperrno.h"
#include "ring.h"
#include "platform/solo5/boot.h"
#include "arch/x86_64/paging.h"

#define FRAME_EXTRA 18 // Ethernet header and a VLAN tag, which the MTU does not count

// A full tap has room again after this: there is no notification, so waits are shortened.
#define RETRY_NS UINT64_C(50000)

#define DRAIN_NS UINT64_C(1000000000)
#define POLL_MAX_NS (UINT64_C(1) << 60)

// A single frame is faster by hypercall. The ring's thread may have to be woken and scheduled first: that
// pays for bursts of this many frames, and while the last burst was one (docs/adr/0011).
#define BURST 3

// Frames in flight may use a 64th of the RAM.
#define SEND_SHARE 64
#define SENDS_MIN 8u

static struct net {
    unsigned device; // counted from 0, for the ring
    bool open;
    size_t frame_size;
    struct net_counters counters;
    struct pace {
        bool bursts;
        unsigned frames; // frames of the current burst
    } receive, send;
} nets[MANIFEST_ENTRIES_MAX];

static const struct manifest *manifest;
static unsigned net_count;
static bool has_ring;
static bool refused; // a frame was refused since the last wait

// Start -----------------------------------------------------------------------------------------------------------

// Numbers the devices. Returns how many there are and the longest frame of any.
static unsigned count_devices(size_t *frame_size) {
    unsigned devices = 0;
    *frame_size = 0;
    for (unsigned handle = 0; handle < manifest_count(manifest); handle++) {
        struct net_info info;
        if (solo5_net_info(manifest, handle, &info) == 0) {
            nets[handle].device = devices++;
            nets[handle].frame_size = info.mtu + FRAME_EXTRA;
            *frame_size = nets[handle].frame_size > *frame_size ? nets[handle].frame_size : *frame_size;
        }
    }
    return devices;
}

static unsigned sends_for(size_t memory, size_t frame_size) {
    unsigned sends = RING_SENDS;
    while (sends > SENDS_MIN && sends * frame_size > memory / SEND_SHARE) {
        sends /= 2;
    }
    return sends;
}

static bool is_behind(uint64_t ring, const struct boot *boot) {
    return ring % RING_SIZE == 0 && ring > boot->memory_end && ring - boot->memory_end <= PLATFORM_PAGE;
}

void nets_init(struct boot *boot, uint64_t ring) {
    manifest = boot->manifest;
    size_t frame_size;
    unsigned devices = net_count = count_devices(&frame_size);
    if (devices == 0 || ring == 0 || !is_behind(ring, boot)) {
        return;
    }
    frame_size = (frame_size + 63) & ~(size_t)63;
    unsigned sends = sends_for(boot->memory_end - boot->memory, frame_size);
    size_t size = (sends + RING_READS * devices) * frame_size;
    size = (size + PLATFORM_PAGE - 1) & ~(PLATFORM_PAGE - 1);
    if (size < boot->memory_end - boot->memory) {
        x86_paging_map(ring, ring + RING_SIZE, X86_MAP_DATA);
        ring_init(ring, (char *)boot->memory, sends, devices, frame_size);
        boot->memory += size;
        has_ring = true;
    }
}

int platform_net_open(unsigned handle, struct net_info *info) {
    int error = solo5_net_info(manifest, handle, info);
    if (error < 0 || nets[handle].open) {
        return error < 0 ? error : -MP_EBUSY;
    }
    nets[handle].open = true;
    return 0;
}

// Frames ----------------------------------------------------------------------------------------------------------

static void pace_frame(struct pace *pace) {
    pace->bursts = ++pace->frames >= BURST || pace->bursts;
}

static void pace_end(struct pace *pace) {
    pace->bursts = pace->frames >= BURST;
    pace->frames = 0;
}

static size_t call_read(struct net *net, unsigned handle, void *buffer, size_t size) {
    struct hvt_net_io io = {.handle = handle, .data = (uintptr_t)buffer, .length = size};
    hvt_call(HVT_NET_READ, &io);
    net->counters.kicks++;
    return io.result == HVT_OK && io.length <= size ? io.length : 0;
}

static bool call_write(struct net *net, unsigned handle, const void *frame, size_t length) {
    struct hvt_net_io io = {.handle = handle, .data = (uintptr_t)frame, .length = length};
    hvt_call(HVT_NET_WRITE, &io);
    net->counters.kicks++;
    net->counters.tx_errors += io.result != HVT_OK && io.result != HVT_AGAIN;
    return io.result != HVT_AGAIN; // a frame that the host refuses is lost, as on a link
}

size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx) {
    struct net *net = &nets[handle];
    *rx = (struct net_rx) {.csum = NET_CSUM_UNKNOWN};
    size_t length;
    if (has_ring && (ring_has_reads(net->device) || (net->receive.bursts && !ring_is_slow()))) {
        length = ring_read(handle, net->device, buffer, size, &net->counters.rx_dropped);
    } else {
        length = call_read(net, handle, buffer, size);
    }
    if (length > 0) {
        pace_frame(&net->receive);
    } else { // the ring has no pending read now: frames keep their order
        pace_end(&net->receive);
    }
    return length;
}

int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx) {
    struct net *net = &nets[handle];
    if (length == 0 || length > net->frame_size || tx->csum_start != 0 || tx->gso_size != 0) {
        return -MP_EINVAL;
    }
    bool taken;
    if (has_ring && ((net->send.bursts && !ring_is_slow()) || !ring_idle())) {
        taken = ring_write(handle, frame, length);
    } else {
        taken = call_write(net, handle, frame, length);
    }
    pace_frame(&net->send);
    refused = refused || !taken;
    return taken;
}

void platform_net_flush(unsigned handle) {
    struct net *net = &nets[handle];
    net->counters.kicks += has_ring && ring_kick();
    if (net->send.frames > 0) {
        pace_end(&net->send);
    }
}

uint32_t platform_net_link(unsigned handle) {
    (void)handle;
    return 1; // no link status
}

size_t platform_net_room(unsigned handle) {
    (void)handle;
    return has_ring ? ring_room() : RING_SENDS; // a hypercall accepts the frame at once
}

void platform_net_counters(unsigned handle, struct net_counters *counters) {
    *counters = nets[handle].counters;
}

// Waiting ---------------------------------------------------------------------------------------------------------

void platform_poll(uint64_t deadline) {
    for (unsigned device = 0; has_ring && device < net_count; device++) {
        if (ring_has_reads(device)) {
            return;
        }
    }
    uint64_t now = platform_clock_monotonic();
    if (now >= deadline) {
        return;
    }
    uint64_t timeout = deadline - now < POLL_MAX_NS ? deadline - now : POLL_MAX_NS;
    if (refused) {
        refused = false;
        timeout = timeout < RETRY_NS ? timeout : RETRY_NS;
    }
    struct hvt_poll poll = {.timeout_ns = timeout};
    hvt_call(HVT_POLL, &poll);
}

void nets_drain(void) {
    uint64_t deadline = platform_clock_monotonic() + DRAIN_NS;
    while (has_ring && !ring_idle() && platform_clock_monotonic() < deadline) {
        ring_kick();
        x86_pause();
    }
}
