// ring.h - the border between ring 3, where everything runs, and ring 0, where almost nothing does (ring.S).
//
// Why ring 3: on VMX and SVM it costs nothing and page protection binds all code alike; on PVM hosts code at CPL 0 is
// emulated, one instruction in 0.65 us, while CPL 3 runs natively. A service call is a trip through the #UD gate:
// 18-26 us there, 0.3 us under TCG. They are for start-up and for idling, not for anyone's inner loop.

#ifndef PYMNET_X86_RING_H
#define PYMNET_X86_RING_H

#ifndef __ASSEMBLER__
#include <stdint.h>

#include "cpu.h"
#endif

// Interrupt vectors. Priority is the high nibble (SDM volume 3, 11.8.3.1).
#define X86_VECTOR_IRQ 0x40 // X86_IRQS of them: devices, and the timer as the last
#define X86_IRQS 32
#define X86_IRQ_TIMER (X86_IRQS - 1)
#define X86_VECTOR_SPURIOUS 0xff

#define X86_SELECTOR_CODE0 0x08
#define X86_SELECTOR_DATA0 0x10
#define X86_SELECTOR_DATA3 0x1b
#define X86_SELECTOR_CODE3 0x23
#define X86_SELECTOR_TSS 0x28

#define X86_START_STACK_SIZE 65536
#define X86_RING0_STACK_SIZE 4096
#define X86_FAULT_STACK_SIZE 16384

#ifndef __ASSEMBLER__

// sti; hlt: sleeps until an interrupt, one pending already included. Interrupts are off everywhere else, so
// an interrupt after the caller's check ends the sleep and is not lost.
void x86_service_idle(void);
void x86_service_load_cr3(uint64_t cr3);
uint64_t x86_service_rdmsr(uint32_t msr);
void x86_service_wrmsr(uint32_t msr, uint64_t value);
// CPUID leaves as the hypervisor presents them: under PVM a ring-3 cpuid shows the bare processor.
void x86_service_cpuid(uint32_t leaf, uint32_t subleaf, struct x86_cpuid *out);

// Set by the interrupt gates, cleared by the handler.
extern volatile uint8_t x86_irq_raised[X86_IRQS];

// The target of x86_enter_ring3 (ring.S), supplied by the platform; `boot` is RDI of its entry code.
_Noreturn void x86_start(uintptr_t boot);

// Makes exceptions and interrupts work: until then any of them is a triple fault. First thing in x86_start().
void x86_descriptors_init(void);

// Ends the machine when nothing better is there: an exception that nothing can handle (SDM volume 3, 6.15, #DF).
_Noreturn void x86_triple_fault(void);

// The areas that ring.S reserves; each guard is one page, absent in the final page tables.
extern char x86_start_guard[], x86_start_stack[], x86_start_stack_top[];
extern char x86_fault_guard[], x86_fault_stack_top[];
extern char x86_ring0_guard[], x86_ring0_stack_top[];
extern char x86_double_guard[], x86_double_stack_top[];

#endif // __ASSEMBLER__

#endif // PYMNET_X86_RING_H
