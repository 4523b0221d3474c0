#include "devices.h"
#include "serial.h"
#include "apic.h"
void devices_init(struct boot *boot) { (void)boot; }
void devices_drain(void) {}
void console_drain(void) {}
void platform_console_write(const char *t, size_t n) { serial_write(t, n); }
size_t platform_console_read(char *t, size_t n) { return serial_read(t, n); }
size_t platform_entropy(void *b, size_t n) { (void)b; (void)n; return 0; }
void platform_poll(uint64_t d) { uint64_t now = platform_clock_monotonic(); if (d > now) apic_sleep(d == PLATFORM_FOREVER ? d : d - now); }
