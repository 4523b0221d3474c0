// machine.c - platform.h with Unikraft's platform library: console, clocks, entropy, waiting, exit.

#include <uk/plat/time.h>

#include "compat.h"
#include "net.h"
#include "text.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/random.h"
#include "arch/x86_64/wall.h"

// QEMU's debug console, if the launcher reads the exit code there (docs/adr/0013).
#define PORT_STATUS 0xe9

// ACPI's power register of pc and q35, and the value that powers off (SLP_EN, S5).
#define PORT_POWER 0x604
#define POWER_OFF 0x2000
#define POWER_OFF_NS UINT64_C(1000000000)

// Unikraft's console is the first serial port (PC16550D data sheet).
#define PORT_SERIAL_STATUS 0x3fd
#define SERIAL_TRANSMIT_EMPTY 0x20

// Events without an interrupt are polled this often: a frame, room on the console.
#define RETRY_NS UINT64_C(50000)
#define CONSOLE_RETRY_NS UINT64_C(5000000)

// Unikraft's times are signed; an occasional wake-up costs nothing.
#define WAIT_MAX_NS UINT64_C(60000000000)

// How long an image stays alive at its end after it has sent something.
#define DRAIN_NS UINT64_C(2000000)

static bool console_is_full; // as of the last write

// Unikraft's own function blocks the machine for each byte.
size_t platform_console_offer(const char *text, size_t length) {
    size_t done = 0;
    while (done < length) {
        if (!(x86_in8(PORT_SERIAL_STATUS) & SERIAL_TRANSMIT_EMPTY)) {
            console_is_full = true;
            break;
        }
        if ((long)compat_console_out(text + done, 1) <= 0) {
            return length; // there is no console
        }
        done++;
    }
    return done;
}

void platform_console_write(const char *text, size_t length) {
    uint64_t timeout = runtime_console_timeout(),
             taken_at = timeout == PLATFORM_FOREVER ? 0 : platform_clock_monotonic();
    for (;;) {
        size_t taken = platform_console_offer(text, length);
        text += taken;
        length -= taken;
        if (length == 0) {
            return;
        }
        x86_pause();
        if (timeout != PLATFORM_FOREVER) {
            uint64_t now = platform_clock_monotonic();
            taken_at = taken > 0 ? now : taken_at;
            if (now - taken_at >= timeout) {
                return;
            }
        }
    }
}

const bool platform_console_has_input = false;

// A wait for input would never end.
size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

uint64_t platform_clock_monotonic(void) {
    return (uint64_t)ukplat_monotonic_clock();
}

// Unikraft's own reads the CMOS clock once, in whole seconds, and does not notice a pause.
uint64_t platform_clock_wall(void) {
    return x86_wall();
}

size_t platform_entropy(void *buffer, size_t size) {
    return x86_random(buffer, size);
}

size_t platform_entropy_now(void *buffer, size_t size) {
    return x86_random_now(buffer, size);
}

// Interrupts are enabled only by the halt, in the instruction before it: none is lost in between.
void platform_poll(uint64_t deadline) {
    uint64_t now = platform_clock_monotonic();
    if (now >= deadline) {
        return;
    }
    uint64_t longest = nets_unheard() ? RETRY_NS : console_is_full ? CONSOLE_RETRY_NS : WAIT_MAX_NS;
    console_is_full = false;
    if (deadline - now > longest) {
        deadline = now + longest;
    }
    if (nets_listen()) {
        compat_halt_irq_until((__nsec)deadline);
    }
    nets_ignore();
}

// QEMU ends the machine asynchronously. Unikraft, which would write the same, reports an error if it does not
// happen at once.
static _Noreturn void power_off(void) {
    x86_out16(PORT_POWER, POWER_OFF);
    uint64_t end = platform_clock_monotonic() + POWER_OFF_NS;
    while (platform_clock_monotonic() < end) {
        x86_pause();
    }
    compat_power_off();
}

_Noreturn void platform_panic(int code) {
    struct text line = {.length = 0};
    text_add(&line, "exit ");
    text_add_decimal(&line, (uint64_t)(code & 0xff));
    text_add(&line, "\n");
    x86_out8_string(PORT_STATUS, line.bytes, line.length);
    power_off();
}

// A written frame is with the device, but QEMU sends it from the loop that also serves our timer, and drops
// it when the machine ends before.
_Noreturn void platform_exit(int code) {
    if (nets_sending()) {
        uint64_t end = platform_clock_monotonic() + DRAIN_NS;
        while (platform_clock_monotonic() < end) {
            compat_halt_irq_until((__nsec)end);
        }
    }
    platform_panic(code);
}
