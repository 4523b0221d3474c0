// machine.c - platform.h by system calls: console, clocks, entropy, network, waiting, the end.

#include <string.h>

#include "machine.h"
#include "py/mperrno.h"
#include "solo5/boot.h"
#include "syscall.h"
#include "x86/random.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define FRAME_EXTRA 18 // Ethernet header and a VLAN tag, which the MTU does not count

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define TIMER_ABSOLUTE 1
#define SIGNAL_SET_SIZE 8

// A tap that was full has room again after this: nothing tells when, so waiting is cut short.
#define RETRY_NS UINT64_C(50000)

#define EVENTS_MAX 8
#define QUEUE_ROOM 64 // a tap's own queue is the host's affair

struct timespec {
    int64_t seconds, nanoseconds;
};

static int epoll_fd, timer_fd;
static const struct manifest *manifest;
static bool refused; // a frame, since the last wait

static struct net {
    bool open;
    int fd;
    size_t frame_size;
    struct net_counters counters;
} nets[MANIFEST_ENTRIES_MAX];

void machine_init(int epoll, int timer, const struct manifest *devices) {
    epoll_fd = epoll;
    timer_fd = timer;
    manifest = devices;
}

// Console, clocks, entropy, end -----------------------------------------------------------------------------------

void platform_console_write(const char *text, size_t length) {
    while (length > 0) {
        long written = spt_call(SYS_WRITE, STDOUT, (long)text, (long)length, 0);
        if (written == -LINUX_EAGAIN || written == -LINUX_EINTR) {
            continue;
        }
        if (written <= 0) {
            return; // nobody reads any more
        }
        text += written;
        length -= (size_t)written;
    }
}

// Tenders have no input.
size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

static uint64_t read_clock(int clock) {
    struct timespec now = {0, 0};
    spt_call(SYS_CLOCK_GETTIME, clock, (long)&now, 0, 0);
    return (uint64_t)now.seconds * NS_PER_SECOND + (uint64_t)now.nanoseconds;
}

uint64_t platform_clock_monotonic(void) {
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t platform_clock_wall(void) {
    return read_clock(CLOCK_REALTIME);
}

size_t platform_entropy(void *buffer, size_t size) {
    return x86_random(buffer, size);
}

_Noreturn void platform_panic(int code) {
    for (;;) {
        spt_call(SYS_EXIT_GROUP, code & 0xff, 0, 0, 0);
    }
}

_Noreturn void platform_exit(int code) {
    platform_panic(code); // a frame that was written has left
}

// Network ---------------------------------------------------------------------------------------------------------

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
    return written != -LINUX_EAGAIN; // what the host did not want is as lost as on a wire
}

void platform_net_flush(unsigned handle) {
    (void)handle;
}

size_t platform_net_room(unsigned handle) {
    (void)handle;
    return QUEUE_ROOM;
}

void platform_net_counters(unsigned handle, struct net_counters *counters) {
    *counters = nets[handle].counters;
}

// Waiting ---------------------------------------------------------------------------------------------------------

static void set_timer(uint64_t deadline) {
    struct {
        struct timespec interval, value;
    } setting = {.interval = {0, 0}};
    if (deadline < INT64_MAX) { // else all zeros: no timer
        setting.value.seconds = (int64_t)(deadline / NS_PER_SECOND);
        setting.value.nanoseconds = (int64_t)(deadline % NS_PER_SECOND) | 1;
    }
    spt_call(SYS_TIMERFD_SETTIME, timer_fd, TIMER_ABSOLUTE, (long)&setting, 0);
}

void platform_poll(uint64_t deadline) {
    uint64_t now = platform_clock_monotonic();
    if (now >= deadline) {
        return;
    }
    if (refused && deadline - now > RETRY_NS) {
        deadline = now + RETRY_NS;
    }
    refused = false;
    set_timer(deadline);
    struct {
        uint32_t events;
        uint64_t data;
    } __attribute__((packed)) events[EVENTS_MAX];
    spt_call6(SYS_EPOLL_PWAIT, epoll_fd, (long)events, EVENTS_MAX, -1, 0, SIGNAL_SET_SIZE);
}
