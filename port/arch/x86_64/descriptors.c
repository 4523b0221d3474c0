// descriptors.c - the interrupt descriptor table and the task state segment. Spec: Intel SDM volume 3, 6.10-6.14 and 8.7,
// the I/O permission bitmap: volume 1, 19.5.2.

#include <stddef.h>
#include <string.h>

#include "ring.h"

struct gate {
    uint16_t offset_low, selector;
    uint8_t ist, type;
    uint16_t offset_middle;
    uint32_t offset_high, reserved;
};

// One byte more than the bitmap needs, all ones, as the manual requires.
#define IO_BITMAP_SIZE (65536 / 8 + 1)

struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7];
    uint64_t reserved2;
    uint16_t reserved3, io_bitmap_base;
    uint8_t io_bitmap[IO_BITMAP_SIZE];
} __attribute__((packed));

_Static_assert(sizeof(struct tss) == 0x2068 + 1, "ring.S knows the limit");

#define GATE_INTERRUPT 0x8e  // present, interrupt gate: IF is cleared
#define GATE_FROM_RING3 0x60 // DPL 3: an instruction may raise it

#define IST_NONE 0
#define IST_DOUBLE 1

extern char x86_exception_gates[], x86_irq_gates[], x86_spurious_gate[];

__attribute__((aligned(16))) struct gate x86_idt[256];
__attribute__((aligned(16))) struct tss x86_tss;

static void set_gate(unsigned vector, const char *handler, uint8_t ist, uint8_t type) {
    uint64_t offset = (uint64_t)handler;
    x86_idt[vector] = (struct gate) {
        .offset_low = (uint16_t)offset,
        .selector = X86_SELECTOR_CODE0,
        .ist = ist,
        .type = type,
        .offset_middle = (uint16_t)(offset >> 16),
        .offset_high = (uint32_t)(offset >> 32),
    };
}

static void set_exception_gates(void) {
    for (unsigned vector = 0; vector < 32; vector++) {
        uint8_t ist = vector == 2 || vector == 8 || vector == 18 ? IST_DOUBLE : IST_NONE;              // NMI, #DF, #MC
        uint8_t type = vector == 3 || vector == 4 ? GATE_INTERRUPT | GATE_FROM_RING3 : GATE_INTERRUPT; // int3, into
        set_gate(vector, x86_exception_gates + 16 * vector, ist, type);
    }
}

void x86_descriptors_init(void) {
    x86_tss.rsp[0] = (uint64_t)x86_ring0_stack_top;
    x86_tss.ist[IST_DOUBLE - 1] = (uint64_t)x86_double_stack_top;
    // IOPL 3 alone would do on hardware, but PVM loses it on the way to ring 3: every port is granted here as well.
    x86_tss.io_bitmap_base = offsetof(struct tss, io_bitmap);
    x86_tss.io_bitmap[IO_BITMAP_SIZE - 1] = 0xff;
    set_exception_gates();
    for (unsigned irq = 0; irq < X86_IRQS; irq++) {
        set_gate(X86_VECTOR_IRQ + irq, x86_irq_gates + 16 * irq, IST_NONE, GATE_INTERRUPT);
    }
    set_gate(X86_VECTOR_SPURIOUS, x86_spurious_gate, IST_NONE, GATE_INTERRUPT);
}

_Noreturn void x86_triple_fault(void) {
    memset(x86_idt, 0, sizeof(x86_idt));
    for (;;) {
        __asm__ volatile("ud2");
    }
}
