// cpu.h - the single instructions that C has no words for, all of them good at CPL 3.
// Spec: Intel SDM volume 2. Port instructions need the I/O bitmap of the TSS (descriptors.c).

#ifndef PYMNET_X86_CPU_H
#define PYMNET_X86_CPU_H

#include <stddef.h>
#include <stdint.h>

static inline void x86_out8(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void x86_out16(uint16_t port, uint16_t value) {
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void x86_out32(uint16_t port, uint32_t value) {
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t x86_in8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

// One string instruction: a hypervisor handles all of it in one exit.
static inline void x86_out8_string(uint16_t port, const void *bytes, size_t count) {
    __asm__ volatile("rep outsb" : "+S"(bytes), "+c"(count) : "d"(port) : "memory");
}

static inline uint64_t x86_tsc(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

struct x86_cpuid {
    uint32_t eax, ebx, ecx, edx;
};

// Instructions available to this code: in ring 3, under PVM, those of the bare processor and not those that
// the hypervisor shows at CPL 0 (x86_service_cpuid() in ring.h).
static inline struct x86_cpuid x86_cpuid(uint32_t leaf, uint32_t subleaf) {
    struct x86_cpuid out;
    __asm__("cpuid" : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx), "=d"(out.edx) : "a"(leaf), "c"(subleaf));
    return out;
}

static inline void x86_pause(void) {
    __asm__ volatile("pause");
}

// Orders a write to shared memory before a later read of it: the one order that x86 does not guarantee (SDM
// volume 3, 9.2.2: a load may pass an earlier store).
static inline void x86_full_barrier(void) {
    __asm__ volatile("mfence" : : : "memory");
}

static inline void x86_compiler_barrier(void) {
    __asm__ volatile("" : : : "memory");
}

#endif // PYMNET_X86_CPU_H
