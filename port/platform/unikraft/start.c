// start.c - from Unikraft's main() to the runtime: devices, arguments, memory, a stack.

#include <errno.h>
#include <stdint.h>

#include "compat.h"
#include "memory.h"
#include "net.h"
#include "start.h"
#include "text.h"

#define ARGUMENTS_SIZE 4096
#define MEMORY_LIMIT (CONFIG_APPPYMNET_HEAP_MB > 0 ? (size_t)CONFIG_APPPYMNET_HEAP_MB << 20 : SIZE_MAX)

// Written into the image by the build.
extern const struct manifest solo5_manifest;

// Unikraft's own stack has no size that can be queried.
char x86_start_stack[START_STACK] __attribute__((aligned(4096)));

static char arguments[ARGUMENTS_SIZE];

static struct boot boot = {
    .arguments = arguments,
    .manifest = &solo5_manifest,
    .stack = x86_start_stack,
    .stack_top = x86_start_stack + START_STACK,
};

static _Noreturn void stop(const char *reason) {
    text_say(reason, NULL);
    platform_panic(1);
}

static _Noreturn void run(void) {
    runtime_main(&boot);
}

static _Noreturn void switch_stack(char *top) {
    __asm__ volatile("mov %0, %%rsp\n\txor %%ebp, %%ebp\n\tcall *%1" : : "r"(top), "r"(run) : "memory");
    __builtin_unreachable();
}

int main(int argc, char *argv[]) {
    compat_disable_irq();
    struct arguments_address address;
    if (!nets_init(&solo5_manifest, &address)) {
        stop("this image has more network devices than it was built for: CONFIG_APPPYMNET_NETS");
    }
    if (!arguments_join(arguments, sizeof(arguments), argc, argv, &address)) {
        stop("the image arguments are longer than 4095 bytes");
    }
    struct memory memory = memory_take(MEMORY_LIMIT);
    boot.memory = memory.start;
    boot.memory_end = memory.end; // the runtime checks whether it is enough
    switch_stack(boot.stack_top);
}

// There is one page table, with large pages, and no call to change it in every release: the stack has no
// guard.
bool platform_pages_absent(uintptr_t *start, uintptr_t *end) {
    (void)start;
    (void)end;
    return false;
}

// There is no driver for block devices, and the build refuses images with one.
int platform_block_open(unsigned handle, struct block_info *info) {
    (void)handle;
    (void)info;
    return -EOPNOTSUPP;
}

int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length) {
    (void)handle;
    (void)offset;
    (void)buffer;
    (void)length;
    return -EIO;
}

int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length) {
    (void)handle;
    (void)offset;
    (void)buffer;
    (void)length;
    return -EIO;
}
