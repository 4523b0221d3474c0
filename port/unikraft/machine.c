// machine.c - platform.h by Unikraft's platform library: console, clocks, entropy, waiting, the end.

#include <stdint.h>
#include <uk/plat/time.h>

#include "compat.h"
#include "net.h"
#include "text.h"
#include "x86/cpu.h"
#include "x86/random.h"

// QEMU's debug console, when its launcher wants to know the exit code; else nobody listens.
#define PORT_STATUS 0xe9

// A ring that was full has room again after this: nothing tells when, so waiting is cut short.
#define RETRY_NS UINT64_C(50000)

// Unikraft's times are signed; and waking once in a while costs nothing.
#define WAIT_MAX_NS UINT64_C(60000000000)

void platform_console_write(const char *text, size_t length) {
    while (length > 0) {
        long written = (long)compat_console_out(text, length);
        if (written <= 0) {
            return; // there is no console
        }
        text += written;
        length -= (size_t)written;
    }
}

// Nothing would end the wait for it.
size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

uint64_t platform_clock_monotonic(void) {
    return (uint64_t)ukplat_monotonic_clock();
}

uint64_t platform_clock_wall(void) {
    return (uint64_t)ukplat_wall_clock();
}

size_t platform_entropy(void *buffer, size_t size) {
    return x86_random(buffer, size);
}

// Interrupts are off but within the halt, which turns them on in the instruction before: none comes in between.
void platform_poll(uint64_t deadline) {
    uint64_t now = platform_clock_monotonic();
    if (now >= deadline) {
        return;
    }
    uint64_t longest = nets_refused() ? RETRY_NS : WAIT_MAX_NS;
    if (deadline - now > longest) {
        deadline = now + longest;
    }
    if (nets_listen()) {
        compat_halt_irq_until((__nsec)deadline);
    }
    nets_ignore();
}

_Noreturn void platform_panic(int code) {
    struct text line = {.length = 0};
    text_add(&line, "exit ");
    text_add_decimal(&line, (uint64_t)(code & 0xff));
    text_add(&line, "\n");
    x86_out8_string(PORT_STATUS, line.bytes, line.length);
    compat_power_off();
}

_Noreturn void platform_exit(int code) {
    platform_panic(code); // a frame that was written is with the device
}
