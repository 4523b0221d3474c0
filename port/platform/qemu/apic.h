// apic.h - interrupts and the one-shot timer, for one purpose: to wake the idle processor.

#ifndef PYMNET_QEMU_APIC_H
#define PYMNET_QEMU_APIC_H

#include <stdbool.h>
#include <stdint.h>

// Masks the 8259s, enables the local APIC with its timer stopped.
void apic_init(void);

// Routes an IOAPIC input to irq (0 to X86_IRQS - 1), edge-triggered. false: no IOAPIC there, or none with such a pin.
bool apic_route(uintptr_t ioapic, unsigned pin, unsigned irq);

// Sleeps until an interrupt comes, or `ns` nanoseconds passed (UINT64_MAX: no limit), and ends the interrupt at the APIC.
// Which came is in x86_irq_raised[].
void apic_sleep(uint64_t ns);

// The timer's count: down one a nanosecond from where apic_timer_start() put it, to 0 at most.
void apic_timer_start(uint32_t ns);
uint32_t apic_timer_left(void);

#endif // PYMNET_QEMU_APIC_H
