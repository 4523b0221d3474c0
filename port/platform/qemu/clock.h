// clock.h - chooses the clock of this machine.

#ifndef PYMNET_QEMU_CLOCK_H
#define PYMNET_QEMU_CLOCK_H

// Requires apic_init(). Takes some milliseconds where the TSC has to be measured.
void clock_init(void);

#endif // PYMNET_QEMU_CLOCK_H
