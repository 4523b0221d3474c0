// clock.h - which of its clocks this machine tells the time by.

#ifndef PYMNET_QEMU_CLOCK_H
#define PYMNET_QEMU_CLOCK_H

// Needs apic_init(). Takes some milliseconds where the TSC has to be measured.
void clock_init(void);

#endif // PYMNET_QEMU_CLOCK_H
