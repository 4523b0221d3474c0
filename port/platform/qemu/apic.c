// apic.c - see apic.h. Spec: Intel SDM volume 3, chapter 11 (local APIC); Intel 82093AA data sheet (IOAPIC).
//
// The timer counts at 1 GHz with a divisor of 1 in QEMU (hw/intc/apic_common) and in KVM (its APIC bus cycle is 1 ns).

#include "apic.h"
#include "board.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/ring.h"

#define LAPIC_ID (0x020 / 4)
#define LAPIC_EOI (0x0b0 / 4)
#define LAPIC_SPURIOUS (0x0f0 / 4)
#define LAPIC_TIMER (0x320 / 4)
#define LAPIC_TIMER_INITIAL (0x380 / 4)
#define LAPIC_TIMER_CURRENT (0x390 / 4)
#define LAPIC_TIMER_DIVIDE (0x3e0 / 4)

#define LAPIC_ENABLE 0x100
#define LAPIC_DIVIDE_BY_1 0xb

#define IOAPIC_INDEX (0x00 / 4)
#define IOAPIC_DATA (0x10 / 4)
#define IOAPIC_VERSION 1
#define IOAPIC_ROUTE 16 // two registers for each pin from here on

#define PIC_MASTER_MASK 0x21
#define PIC_SLAVE_MASK 0xa1

static volatile uint32_t *const lapic = (volatile uint32_t *)BOARD_LAPIC;

void apic_init(void) {
    x86_out8(PIC_MASTER_MASK, 0xff);
    x86_out8(PIC_SLAVE_MASK, 0xff);
    lapic[LAPIC_SPURIOUS] = LAPIC_ENABLE | X86_VECTOR_SPURIOUS;
    lapic[LAPIC_TIMER_DIVIDE] = LAPIC_DIVIDE_BY_1;
    lapic[LAPIC_TIMER] = X86_VECTOR_IRQ + X86_IRQ_TIMER; // one-shot, not masked
    lapic[LAPIC_TIMER_INITIAL] = 0;
}

bool apic_route(uintptr_t address, unsigned pin, unsigned irq) {
    volatile uint32_t *ioapic = (volatile uint32_t *)address;
    ioapic[IOAPIC_INDEX] = IOAPIC_VERSION;
    uint32_t version = ioapic[IOAPIC_DATA];
    // the value of an absent device
    if (version == 0 || version == UINT32_MAX || pin > (version >> 16 & 0xff)) {
        return false;
    }
    // Destination first: the low half unmasks the pin.
    ioapic[IOAPIC_INDEX] = IOAPIC_ROUTE + 2 * pin + 1;
    ioapic[IOAPIC_DATA] = lapic[LAPIC_ID];
    ioapic[IOAPIC_INDEX] = IOAPIC_ROUTE + 2 * pin;
    ioapic[IOAPIC_DATA] = X86_VECTOR_IRQ + irq;
    return true;
}

void apic_timer_start(uint32_t ns) {
    lapic[LAPIC_TIMER_INITIAL] = ns;
}

uint32_t apic_timer_left(void) {
    return lapic[LAPIC_TIMER_CURRENT];
}

void apic_sleep(uint64_t ns) {
    // The counter has 32 bits: a longer sleep is cut at 4 s, and the caller sleeps again.
    if (ns != UINT64_MAX) {
        lapic[LAPIC_TIMER_INITIAL] = ns > UINT32_MAX ? UINT32_MAX : ns == 0 ? 1 : (uint32_t)ns;
    }
    x86_service_idle();
    lapic[LAPIC_EOI] = 0;
    if (ns != UINT64_MAX && !x86_irq_raised[X86_IRQ_TIMER]) {
        lapic[LAPIC_TIMER_INITIAL] = 0;
    }
    x86_irq_raised[X86_IRQ_TIMER] = 0;
}
