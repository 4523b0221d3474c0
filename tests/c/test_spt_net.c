// test_spt_net.c - port/platform/spt/net.c: what the host answers to a frame, and what the counters say.

#include "check.h"
#include "platform/spt/syscall.h"

static long answer(long number, long descriptor);
#define spt_call(number, descriptor, a, b, c) answer(number, ((void)(a), (void)(b), descriptor))
#include "platform/spt/net.c"

#define HANDLE 1
#define DESCRIPTOR 7
#define LINUX_EIO 5

static long result; // of the next system call

static long answer(long number, long descriptor) {
    CHECK(number == SYS_WRITE && descriptor == DESCRIPTOR);
    return result;
}

int solo5_net_info(const struct manifest *devices, unsigned handle, struct net_info *info) {
    (void)devices, (void)handle;
    *info = (struct net_info) {.mtu = 1500};
    return 0;
}

static uint64_t errors_after(long answered, int taken) {
    static char frame[60];
    result = answered;
    CHECK(platform_net_write(HANDLE, frame, sizeof(frame), &(struct net_tx) {0}) == taken);
    struct net_counters counters;
    platform_net_counters(HANDLE, &counters);
    return counters.tx_errors;
}

int main(void) {
    static struct {
        struct manifest head;
        struct manifest_entry entry[2];
    } devices = {.entry = {[HANDLE] = {.host = DESCRIPTOR}}};
    nets_init(&devices.head);
    struct net_info info;
    CHECK(platform_net_open(HANDLE, &info) == 0);
    CHECK(errors_after(60, 1) == 0 && !nets_refused());
    CHECK(errors_after(-LINUX_EAGAIN, 0) == 0 && nets_refused()); // the frame is kept and sent again
    CHECK(errors_after(-LINUX_EIO, 1) == 1 && !nets_refused());   // it is lost
    CHECK(errors_after(-LINUX_EIO, 1) == 2);
    CHECK(errors_after(60, 1) == 2);
    return 0;
}
