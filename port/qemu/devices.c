// devices.c - see devices.h. QEMU fills its virtio-mmio slots from the highest down, so that is the order of the command
// line and the order of the manifest.

#include "apic.h"
#include "board.h"
#include "devices.h"
#include "virtio/virtio.h"
#include "x86/ring.h"

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

void devices_listen(unsigned slot, struct virtio_device *device) {
    listening[slot] = device;
    if (!apic_route(BOARD_IOAPIC_SECOND, slot, slot)) {
        // Which of the two it is cannot be seen from here; nothing else uses the pins of the other.
        apic_route(BOARD_IOAPIC, PIN_WITHOUT_ACPI + slot, slot);
        apic_route(BOARD_IOAPIC, PIN_WITH_ACPI + slot, slot);
    }
}

void devices_init(struct boot *boot) {
    for (unsigned slot = BOARD_VIRTIO_SLOTS; slot-- > 0;) {
        uintptr_t address = BOARD_VIRTIO_MMIO + slot * BOARD_VIRTIO_STRIDE;
        switch (virtio_probe(address)) {
        case VIRTIO_CONSOLE: console_found(boot, slot, address); break;
        case VIRTIO_ENTROPY: entropy_found(boot, slot, address); break;
        case VIRTIO_NET: nets_found(boot, slot, address); break;
        case VIRTIO_BLOCK: blocks_found(boot, slot, address); break;
        }
    }
    nets_name(boot->manifest);
    blocks_name(boot->manifest);
}

// Waiting -------------------------------------------------------------------------------------------------------------

// Serves the interrupts that came; true if any did. Their devices may interrupt again from now on, so the queues are to
// be looked at after this.
static bool acknowledge(void) {
    bool any = false;
    for (unsigned slot = 0; slot < BOARD_VIRTIO_SLOTS; slot++) {
        if (x86_irq_raised[slot]) {
            x86_irq_raised[slot] = 0;
            virtio_acknowledge(listening[slot]);
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

static bool have_work(void) {
    return nets_have_work() || console_has_work();
}

void platform_poll(uint64_t deadline) {
    console_look(&deadline);
    if (nets_look(&deadline) || have_work() || platform_clock_monotonic() >= deadline) {
        return;
    }
    nets_arm();
    console_arm();
    if (!have_work()) {
        devices_sleep(deadline);
    }
}
