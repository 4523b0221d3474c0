// board.h - addresses of QEMU's machines (hw/i386/microvm.c, hw/i386/pc.c).

#ifndef PYMNET_QEMU_BOARD_H
#define PYMNET_QEMU_BOARD_H

#include <stdint.h>

#define BOARD_VIRTIO_MMIO UINT64_C(0xfeb00000) // microvm: 24 slots, or 8 without ACPI
#define BOARD_VIRTIO_STRIDE 0x200
#define BOARD_VIRTIO_SLOTS 24
#define BOARD_VIRTIO_SLOTS_FEW 8
#define BOARD_IOAPIC UINT64_C(0xfec00000)
#define BOARD_IOAPIC_SECOND UINT64_C(0xfec10000) // microvm with ACPI: a pin for each of its slots
#define BOARD_LAPIC UINT64_C(0xfee00000)

#define BOARD_PORT_COM1 0x3f8
#define BOARD_PORT_EXIT 0xf4    // isa-debug-exit,iobase=0xf4,iosize=4
#define BOARD_PORT_STATUS 0x501 // isa-debugcon,iobase=0x501: the line "exit N"

// RAM of both machines ends below this; RAM above 4 GiB is not used.
#define BOARD_MEMORY_LIMIT UINT64_C(0xc0000000)

#endif // PYMNET_QEMU_BOARD_H
