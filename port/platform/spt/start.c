// start.c - from the tender's jump to the runtime. Facts: Solo5 spt ABI 2.

#include "layout.h"
#include "machine.h"
#include "platform.h"
#include "platform/solo5/boot.h"

struct spt_boot {
    uint64_t memory_size, kernel_end;
    uint64_t arguments, manifest;
    int32_t epoll, timer; // descriptors
};

static struct boot boot = {
    .zeroed = true, // the tender's memory is fresh
    .stack = spt_stack,
    .stack_top = spt_stack_top,
};

_Noreturn void spt_start(const struct spt_boot *host);

_Noreturn void spt_start(const struct spt_boot *host) {
    machine_init(host->epoll, host->timer);
    boot.memory = ((uintptr_t)image_end + PLATFORM_PAGE - 1) & ~(PLATFORM_PAGE - 1);
    boot.memory_end = (host->memory_size & ~(uint64_t)(PLATFORM_PAGE - 1)) - PLATFORM_PAGE;
    if (boot.memory_end < boot.memory) {
        solo5_stop("not enough memory for this image: give the machine more");
    }
    solo5_boot(&boot, host->arguments, host->manifest);
    nets_init(boot.manifest);
    blocks_init(boot.manifest);
    solo5_banner(&boot);
    runtime_main(&boot);
}

// The page tables are the host's, and mprotect() is not allowed: the stack has no guard.
bool platform_pages_absent(uintptr_t *start, uintptr_t *end) {
    (void)start;
    (void)end;
    return false;
}
