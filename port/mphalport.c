// mphalport.c - the interpreter's console, clock and waits, over console.h and platform.h.

#include <string.h>

#include "console.h"
#include "crypto/random.h"
#include "fiber/fiber.h"
#include "platform.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stream.h"

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)

// Waiters for input retry after this, which is faster than typing.
#define INPUT_RETRY_US 20000

// Console -------------------------------------------------------------------------------------------------------------

mp_uint_t mp_hal_stdout_tx_strn(const char *text, size_t length) {
    console_write(text, length);
    return length;
}

void mp_hal_stdout_tx_str(const char *text) {
    console_write(text, strlen(text));
}

// "Cooked" would mean \r\n; the console is a stream of bytes, not a terminal.
void mp_hal_stdout_tx_strn_cooked(const char *text, size_t length) {
    console_write(text, length);
}

// A task waits in the scheduler. Without an input device this is the end of file.
int mp_hal_stdin_rx_chr(void) {
    char c;
    while (console_read(&c, 1) == 0) {
        if (!platform_console_has_input) {
            return -1;
        }
        console_flush();
        if (fiber_can_wait()) {
            fiber_wait(NULL, (intptr_t)(platform_clock_monotonic() / NS_PER_US) + INPUT_RETRY_US);
        } else {
            runtime_wait_ms(-1ul);
        }
    }
    return (unsigned char)c;
}

uintptr_t mp_hal_stdio_poll(uintptr_t flags) {
    uintptr_t ready = flags & MP_STREAM_POLL_WR;
    if (flags & MP_STREAM_POLL_RD && console_readable()) {
        ready |= MP_STREAM_POLL_RD;
    }
    return ready;
}

// Clock ---------------------------------------------------------------------------------------------------------------

mp_uint_t mp_hal_ticks_ms(void) {
    return platform_clock_monotonic() / NS_PER_MS;
}

mp_uint_t mp_hal_ticks_us(void) {
    return platform_clock_monotonic() / NS_PER_US;
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return platform_clock_monotonic();
}

uint64_t mp_hal_time_ns(void) {
    return platform_clock_wall();
}

// Waiting -------------------------------------------------------------------------------------------------------------

static void sleep_until(uint64_t deadline) {
    console_flush();
    while (platform_clock_monotonic() < deadline) {
        mp_event_handle_nowait();
        platform_poll(deadline);
        console_flush();
    }
}

void mp_hal_delay_us(mp_uint_t us) {
    sleep_until(platform_clock_monotonic() + us * NS_PER_US);
}

void mp_hal_delay_ms(mp_uint_t ms) {
    sleep_until(platform_clock_monotonic() + ms * NS_PER_MS);
}

void runtime_wait_ms(unsigned long ms) {
    console_flush();
    platform_poll(ms == -1ul ? PLATFORM_FOREVER : platform_clock_monotonic() + ms * NS_PER_MS);
    console_flush();
}

// Random --------------------------------------------------------------------------------------------------------------

unsigned long runtime_random_seed(void) {
    unsigned long seed;
    random_bytes(&seed, sizeof(seed));
    return seed;
}
