// start.c - from ring 3's first instruction to the runtime. Facts: Solo5 hvt ABI 2, the boot information.

#include "clock.h"
#include "layout.h"
#include "devices.h"
#include "hypercall.h"
#include "pages.h"
#include "platform.h"
#include "platform/solo5/boot.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/ring.h"

// The limit of Solo5's tenders and of the ABI: hypercall arguments have 32-bit addresses.
#define MEMORY_MAX (UINT64_C(4) << 30)

struct hvt_boot {
    uint64_t memory_size; // without the net ring
    uint64_t kernel_end;
    uint64_t tsc_hz;
    uint64_t arguments, manifest;
    uint32_t host_features, guest_features;
    uint64_t net_ring; // valid if the host has the feature
};

static struct boot boot = {
    .zeroed = true, // the tender's memory is fresh; the part that the start uses is cut off
    .stack = x86_start_stack,
    .stack_top = x86_start_stack_top,
};

static void find_memory(const struct hvt_boot *host) {
    uintptr_t mapped =
        ((uintptr_t)image_end + HVT_EARLY_TABLES + HVT_TABLE_REACH - 1) & ~(uintptr_t)(HVT_TABLE_REACH - 1);
    if (host->memory_size < mapped) {
        solo5_stop("not enough memory for this image: give the machine more");
    }
    if (host->memory_size > MEMORY_MAX) {
        solo5_stop("more than 4096 MiB of memory: give the machine less");
    }
    // A hypercall's buffer must end before the last byte of memory, which is not used.
    boot.memory = (uintptr_t)image_end;
    boot.memory_end = (host->memory_size & ~(uint64_t)(PLATFORM_PAGE - 1)) - PLATFORM_PAGE;
}

_Noreturn void x86_start(uintptr_t info) {
    x86_descriptors_init();
    const struct hvt_boot *host = (const struct hvt_boot *)info;
    find_memory(host);
    solo5_boot(&boot, host->arguments, host->manifest);
    pages_init(&boot);
    clock_init(host->tsc_hz);
    console_init_features(host->host_features);
    nets_init(&boot, host->host_features & HVT_FEATURE_NET_RING ? host->net_ring : 0);
    blocks_init(&boot);
    solo5_banner(&boot);
    runtime_main(&boot);
}
