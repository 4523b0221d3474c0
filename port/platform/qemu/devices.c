// devices.c - see devices.h.

#include "apic.h"
#include "arch/x86_64/ring.h"
#include "board.h"
#include "devices.h"

// Pins of the first IOAPIC when there is no second: without ACPI, and with ACPI (hw/i386/microvm.c).
#define PIN_WITHOUT_ACPI 5
#define PIN_WITH_ACPI 16

_Static_assert(BOARD_VIRTIO_SLOTS <= X86_IRQ_TIMER, "a slot's interrupt has the slot's number");

static struct virtio_device *listening[BOARD_VIRTIO_SLOTS];

void *devices_memory(struct boot *boot, size_t size) {
    size = (size + PLATFORM_PAGE - 1) & ~(PLATFORM_PAGE - 1);
    if (size > boot->memory_end - boot->memory) {
        return NULL;
    }
    void *memory = (void *)boot->memory;
    boot->memory += size;
    return memory;
}

void devices_listen(struct virtio_device *device) {
    unsigned irq = device->transport->interrupt;
    listening[irq] = device;
    if (!apic_route(BOARD_IOAPIC_SECOND, irq, irq)) {
        // The pin in use cannot be detected; the other one is unused.
        apic_route(BOARD_IOAPIC, PIN_WITHOUT_ACPI + irq, irq);
        apic_route(BOARD_IOAPIC, PIN_WITH_ACPI + irq, irq);
    }
}

// Serves pending interrupts; returns whether there were any. Their devices may interrupt again from now on,
// so the queues must be checked after this.
static bool acknowledge(void) {
    bool any = false;
    for (unsigned irq = 0; irq < BOARD_VIRTIO_SLOTS; irq++) {
        if (x86_irq_raised[irq]) {
            x86_irq_raised[irq] = 0;
            virtio_acknowledge(listening[irq]);
            any = true;
        }
    }
    return any;
}

bool devices_sleep(uint64_t deadline) {
    do {
        uint64_t now = platform_clock_monotonic();
        if (now >= deadline) {
            return false;
        }
        apic_sleep(deadline == PLATFORM_FOREVER ? UINT64_MAX : deadline - now);
    } while (!acknowledge());
    return true;
}
