// machine.c - platform.h by system calls: console, clocks, entropy, waiting, the end.

#include "machine.h"
#include "syscall.h"
#include "arch/x86_64/random.h"

#define NS_PER_SECOND UINT64_C(1000000000)

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define TIMER_ABSOLUTE 1
#define SIGNAL_SET_SIZE 8

// A full tap has room again after this: there is no notification, so waits are shortened.
#define RETRY_NS UINT64_C(50000)

// The same for the console.
#define CONSOLE_RETRY_NS UINT64_C(5000000)

#define EVENTS_MAX 8

struct timespec {
    int64_t seconds, nanoseconds;
};

static int epoll_fd, timer_fd;

void machine_init(int epoll, int timer) {
    epoll_fd = epoll;
    timer_fd = timer;
}

// Console, clocks, entropy, end -----------------------------------------------------------------------------------

static bool console_is_full; // as of the last write

// Blocks in the kernel unless the tender's output is a non-blocking descriptor.
size_t platform_console_offer(const char *text, size_t length) {
    size_t done = 0;
    while (done < length) {
        long written = spt_call(SYS_WRITE, STDOUT, (long)(text + done), (long)(length - done), 0);
        if (written == -LINUX_EINTR) {
            continue;
        }
        if (written == -LINUX_EAGAIN) {
            console_is_full = true;
            break;
        }
        if (written <= 0) {
            return length; // the reader is gone
        }
        done += (size_t)written;
    }
    return done;
}

void platform_console_write(const char *text, size_t length) {
    uint64_t taken_at = platform_clock_monotonic();
    for (;;) {
        size_t taken = platform_console_offer(text, length);
        text += taken;
        length -= taken;
        uint64_t now = platform_clock_monotonic();
        taken_at = taken > 0 ? now : taken_at;
        if (length == 0 || now - taken_at >= runtime_console_timeout()) {
            return;
        }
        platform_poll(now + CONSOLE_RETRY_NS);
    }
}

const bool platform_console_has_input = false;

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

size_t platform_entropy_now(void *buffer, size_t size) {
    return x86_random_now(buffer, size);
}

_Noreturn void platform_panic(int code) {
    for (;;) {
        spt_call(SYS_EXIT_GROUP, code & 0xff, 0, 0, 0);
    }
}

_Noreturn void platform_exit(int code) {
    platform_panic(code); // a frame that was written has left
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
    if (nets_refused() && deadline - now > RETRY_NS) {
        deadline = now + RETRY_NS;
    }
    if (console_is_full && deadline - now > CONSOLE_RETRY_NS) {
        console_is_full = false;
        deadline = now + CONSOLE_RETRY_NS;
    }
    set_timer(deadline);
    struct {
        uint32_t events;
        uint64_t data;
    } __attribute__((packed)) events[EVENTS_MAX];
    spt_call6(SYS_EPOLL_PWAIT, epoll_fd, (long)events, EVENTS_MAX, -1, 0, SIGNAL_SET_SIZE);
}
