// console.c - console, entropy and exit of platform.h.

#include "hypercall.h"
#include "devices.h"
#include "platform.h"
#include "arch/x86_64/random.h"
#include "arch/x86_64/ring.h"

static bool takes_some;

void console_init_features(uint32_t features) {
    takes_some = features & HVT_FEATURE_PUTS_SOME;
}

// Solo5's tender writes all of it, or blocks with the machine: it has no call that returns how much the host
// accepts.
size_t platform_console_offer(const char *text, size_t length) {
    struct hvt_puts puts = {.data = (uintptr_t)text, .length = length};
    if (length > 0) {
        hvt_call(takes_some ? HVT_PUTS_SOME : HVT_PUTS, &puts);
    }
    return puts.length < length ? puts.length : length;
}

void platform_console_write(const char *text, size_t length) {
    uint64_t timeout = runtime_console_timeout();
    if (!takes_some || timeout == PLATFORM_FOREVER) {
        struct hvt_puts puts = {.data = (uintptr_t)text, .length = length};
        if (length > 0) {
            hvt_call(HVT_PUTS, &puts);
        }
        return;
    }
    for (uint64_t end = platform_clock_monotonic() + timeout; length > 0;) {
        size_t taken = platform_console_offer(text, length);
        text += taken;
        length -= taken;
        uint64_t now = platform_clock_monotonic();
        end = taken > 0 ? now + timeout : end;
        if (now >= end) {
            return;
        }
        struct hvt_poll poll = {.timeout_ns = length > 0 ? end - now : 0};
        hvt_call(HVT_POLL, &poll);
    }
}

const bool platform_console_has_input = false;

// Tenders have no input.
size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

size_t platform_entropy(void *buffer, size_t size) {
    return x86_random(buffer, size);
}

size_t platform_entropy_now(void *buffer, size_t size) {
    return x86_random_now(buffer, size);
}

_Noreturn void platform_panic(int code) {
    struct hvt_halt halt = {.cookie = 0, .status = code & 0xff};
    hvt_call(HVT_HALT, &halt);
    x86_triple_fault();
}

_Noreturn void platform_exit(int code) {
    nets_drain();
    platform_panic(code);
}
