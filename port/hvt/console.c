// console.c - console, entropy and the end, as platform.h wants them.

#include "hypercall.h"
#include "devices.h"
#include "platform.h"
#include "x86/random.h"
#include "x86/ring.h"

void platform_console_write(const char *text, size_t length) {
    struct hvt_puts puts = {.data = (uintptr_t)text, .length = length};
    if (length > 0) {
        hvt_call(HVT_PUTS, &puts);
    }
}

// Tenders have no input.
size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

size_t platform_entropy(void *buffer, size_t size) {
    return x86_random(buffer, size);
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
