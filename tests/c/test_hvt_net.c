// test_hvt_net.c - port/platform/hvt/nets.c without a ring: what the tender answers to a frame, and what the counters say.

#include <string.h>

#include "check.h"
#include "platform/hvt/hypercall.h"

static void answer(enum hvt_call call, struct hvt_net_io *io);
#define hvt_call(call, argument) answer(call, (struct hvt_net_io *)(void *)(argument))
#include "platform/hvt/nets.c"

#define HANDLE 1

static int32_t result; // of the next hypercall

static void answer(enum hvt_call call, struct hvt_net_io *io) {
    CHECK(call == HVT_NET_WRITE && io->handle == HANDLE);
    io->result = result;
}

int solo5_net_info(const struct manifest *devices, unsigned handle, struct net_info *info) {
    (void)devices;
    *info = (struct net_info) {.mtu = 1500};
    return handle == HANDLE ? 0 : -MP_ENODEV;
}

unsigned manifest_count(const struct manifest *devices) {
    (void)devices;
    return 2;
}

// Of the ring, which is not offered.
uint64_t platform_clock_monotonic(void) {
    abort();
}

_Noreturn void solo5_stop(const char *why) {
    (void)why;
    abort();
}

void x86_paging_map(uintptr_t start, uintptr_t end, uint64_t flags) {
    (void)start, (void)end, (void)flags;
    abort();
}

static uint64_t errors_after(int32_t answered, int taken) {
    static char frame[60];
    result = answered;
    CHECK(platform_net_write(HANDLE, frame, sizeof(frame), &(struct net_tx) {0}) == taken);
    struct net_counters counters;
    platform_net_counters(HANDLE, &counters);
    return counters.tx_errors;
}

int main(void) {
    static struct boot boot;
    nets_init(&boot, 0);
    struct net_info info;
    CHECK(platform_net_open(HANDLE, &info) == 0);
    CHECK(errors_after(HVT_OK, 1) == 0);
    CHECK(errors_after(HVT_AGAIN, 0) == 0);   // the frame is kept and sent again
    CHECK(errors_after(HVT_INVALID, 1) == 1); // it is lost
    CHECK(errors_after(HVT_INVALID, 1) == 2);
    CHECK(errors_after(HVT_OK, 1) == 2);
    return 0;
}
