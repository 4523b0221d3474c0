// start.c - from ring 3's first instruction to the runtime: memory, page tables, interrupts, clocks, devices.

#include <string.h>

#include "apic.h"
#include "board.h"
#include "clock.h"
#include "platform.h"
#include "probe.h"
#include "pvh.h"
#include "serial.h"
#include "text.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/ring.h"

#define ARGUMENTS_SIZE 4096

// Written into the image by the build.
extern const struct manifest solo5_manifest;

static char arguments[ARGUMENTS_SIZE];

static struct boot boot = {
    .arguments = arguments,
    .manifest = &solo5_manifest,
    .stack = x86_start_stack,
    .stack_top = x86_start_stack_top,
};

static _Noreturn void stop(const char *reason) {
    text_say(reason, NULL);
    platform_panic(1);
}

static void read_start_info(uintptr_t info) {
    // Address 0 is mapped until the final page tables are in use; hide the null pointer from the compiler.
    const uint8_t *low = NULL;
    __asm__("" : "+r"(low));
    if (!pvh_arguments(low, info, arguments, sizeof(arguments))) {
        stop("the image arguments are longer than 4095 bytes, or this was no PVH loader");
    }
    uint64_t end = pvh_memory_end(low, info, (uintptr_t)image_end - 1);
    if (end == 0) {
        stop("the loader gave no memory map with the image in it");
    }
    boot.memory = (uintptr_t)image_end;
    boot.memory_end = (end < BOARD_MEMORY_LIMIT ? end : BOARD_MEMORY_LIMIT) & ~(PLATFORM_PAGE - 1);
}

static void map_devices(void) {
    const size_t slots = (BOARD_VIRTIO_SLOTS * BOARD_VIRTIO_STRIDE + PLATFORM_PAGE - 1) & ~(PLATFORM_PAGE - 1);
    x86_paging_map(BOARD_VIRTIO_MMIO, BOARD_VIRTIO_MMIO + slots, X86_MAP_DEVICE);
    x86_paging_map(BOARD_IOAPIC, BOARD_IOAPIC + PLATFORM_PAGE, X86_MAP_DEVICE);
    x86_paging_map(BOARD_IOAPIC_SECOND, BOARD_IOAPIC_SECOND + PLATFORM_PAGE, X86_MAP_DEVICE);
    x86_paging_map(BOARD_LAPIC, BOARD_LAPIC + PLATFORM_PAGE, X86_MAP_DEVICE);
}

// Nothing below the image is mapped: the firmware's data there was copied, and page 0 catches null pointers.
static void map_memory(void) {
    uintptr_t reach = boot.memory_end < PVH_REACH ? boot.memory_end : PVH_REACH;
    x86_paging_begin(boot.memory, reach);
    x86_paging_map_image();
    x86_paging_map(boot.memory, boot.memory_end, X86_MAP_DATA);
    map_devices();
    boot.memory = x86_paging_load();
}

_Noreturn void x86_start(uintptr_t info) {
    x86_descriptors_init();
    serial_init();
    read_start_info(info);
    map_memory();
    apic_init();
    clock_init();
    probe_devices(&boot);
    runtime_main(&boot);
}
