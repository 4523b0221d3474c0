// traps.c - the report of a CPU exception: vector, location, all registers, exit code 120 + vector. Spec:
// Intel SDM volume 3, 6.15 (the vectors) and 4.7 (page-fault error code).
//
// Runs in ring 3 on a stack of its own, and must trust nothing: the heap, the interpreter and most of memory may be wrong.

#include <stdbool.h>
#include <stddef.h>

#include "layout.h"
#include "platform.h"
#include "ring.h"
#include "text.h"
#include "traps.h"

#define EXIT_CODE_BASE 120
#define VECTOR_PAGE_FAULT 14

#define PF_PRESENT 1
#define PF_WRITE 2
#define PF_FETCH 16

static const char *const vector_names[32] = {
    [0] = "divide error (#DE)",
    [1] = "debug (#DB)",
    [2] = "non-maskable interrupt",
    [3] = "breakpoint (#BP)",
    [4] = "overflow (#OF)",
    [5] = "bound range exceeded (#BR)",
    [6] = "invalid opcode (#UD)",
    [7] = "device not available (#NM)",
    [8] = "double fault (#DF)",
    [10] = "invalid TSS (#TS)",
    [11] = "segment not present (#NP)",
    [12] = "stack-segment fault (#SS)",
    [13] = "general protection (#GP)",
    [14] = "page fault (#PF)",
    [16] = "x87 floating-point error (#MF)",
    [17] = "alignment check (#AC)",
    [18] = "machine check (#MC)",
    [19] = "SIMD floating-point exception (#XM)",
};

static const char *access_of(uint64_t error) {
    return error & PF_FETCH ? "jump into " : error & PF_WRITE ? "write to " : "read of ";
}

static bool within(uintptr_t address, const char *start, const char *end) {
    return address >= (uintptr_t)start && address < (uintptr_t)end;
}

static const char *name_address(uintptr_t address, bool absent) {
    if (address < PLATFORM_PAGE) {
        return "a null pointer";
    }
    if (within(address, x86_start_guard, x86_start_stack)) {
        return "the guard page of the start stack: stack overflow";
    }
    if (within(address, image_text, image_text_end)) {
        return "the text";
    }
    if (within(address, image_rodata, image_rodata_end)) {
        return "read-only data";
    }
    const char *name = runtime_name_address(address, absent);
    if (name != NULL) {
        return name;
    }
    if (within(address, image_data, image_end)) {
        return absent ? "a guard page between stacks" : "data";
    }
    return NULL;
}

static void print_cause(const struct x86_frame *frame) {
    struct text line = {.length = 0};
    const char *name = frame->vector < 32 ? vector_names[frame->vector] : NULL;
    text_add(&line, "\nCPU exception ");
    text_add_decimal(&line, frame->vector);
    text_add(&line, ", ");
    text_add(&line, name != NULL ? name : "reserved");
    if (frame->vector == VECTOR_PAGE_FAULT) {
        name = name_address(frame->cr2, !(frame->error & PF_PRESENT));
        text_add(&line, ": ");
        text_add(&line, access_of(frame->error));
        text_add(&line, name != NULL ? name : frame->error & PF_PRESENT ? "protected memory" : "absent memory");
    }
    text_print(&line);
}

static void print_registers(const struct x86_frame *frame) {
    const struct {
        char name[5];
        uint64_t value;
    } registers[] = {
        {"err ", frame->error},
        {"rip ", frame->rip},
        {"cs  ", frame->cs},
        {"flag", frame->rflags},
        {"rsp ", frame->rsp},
        {"ss  ", frame->ss},
        {"cr2 ", frame->cr2},
        {"rax ", frame->rax},
        {"rbx ", frame->rbx},
        {"rcx ", frame->rcx},
        {"rdx ", frame->rdx},
        {"rsi ", frame->rsi},
        {"rdi ", frame->rdi},
        {"rbp ", frame->rbp},
        {"r8  ", frame->r8},
        {"r9  ", frame->r9},
        {"r10 ", frame->r10},
        {"r11 ", frame->r11},
        {"r12 ", frame->r12},
        {"r13 ", frame->r13},
        {"r14 ", frame->r14},
        {"r15 ", frame->r15},
    };
    struct text line = {.length = 0};
    const size_t count = sizeof(registers) / sizeof(registers[0]);
    for (size_t i = 0; i < count; i++) {
        text_add(&line, registers[i].name);
        text_add(&line, " ");
        text_add_hex(&line, registers[i].value, 16);
        if (i % 4 == 3 || i == count - 1) {
            text_print(&line);
        } else {
            text_add(&line, "  ");
        }
    }
}

_Noreturn void x86_report_exception(const struct x86_frame *pushed) {
    static bool reporting;
    // Services and interrupts use the ring-0 stack that it lies on: a console that waits has both.
    const struct x86_frame frame = *pushed;
    if (!reporting) {
        reporting = true;
        const char *unwritten;
        size_t length = runtime_unwritten(&unwritten);
        platform_console_write(unwritten, length);
        print_cause(&frame);
        print_registers(&frame);
    }
    // Reached when the report itself faults: the exit code still gives the second exception.
    platform_panic(EXIT_CODE_BASE + (int)(frame.vector & 31));
}
