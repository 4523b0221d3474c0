// hypercall.h - hypercalls. Facts: Solo5 hvt ABI 2: a 32-bit write of an argument's address to the port of
// the call. Works from ring 3 (the I/O bitmap in arch/x86_64/descriptors.c). A call is a trip to the tender's
// process: 1 us on VMX and SVM, 26 to 60 us under PVM.

#ifndef PYMNET_HVT_HYPERCALL_H
#define PYMNET_HVT_HYPERCALL_H

#include <stdint.h>

#include "arch/x86_64/cpu.h"

enum hvt_call {
    HVT_WALLTIME = 1,
    HVT_PUTS = 2,
    HVT_POLL = 3,
    HVT_BLOCK_WRITE = 4,
    HVT_BLOCK_READ = 5,
    HVT_NET_WRITE = 6,
    HVT_NET_READ = 7,
    HVT_HALT = 8,
    HVT_PUTS_SOME = 128, // only our own tender has it: HVT_FEATURE_PUTS_SOME
};

enum hvt_feature {
    HVT_FEATURE_NET_RING = 1,
    HVT_FEATURE_PUTS_SOME = 1
        << 30, // not defined by Solo5: HVT_PUTS_SOME never waits, and HVT_POLL also returns for the console
};

#define HVT_PORT 0x500
#define HVT_PORT_KICK 0x600 // wakes the thread that serves the net ring

enum hvt_result { HVT_OK, HVT_AGAIN, HVT_INVALID };

struct hvt_walltime {
    uint64_t ns; // out
};

struct hvt_puts {
    uint64_t data;
    uint64_t length; // HVT_PUTS_SOME: in: length, out: bytes accepted
};

struct hvt_poll {
    uint64_t timeout_ns;
    uint64_t ready; // out: a bit for each handle
    int32_t result; // out: how many
};

struct hvt_block_io {
    uint64_t handle, offset, data, length;
    int32_t result; // out: enum hvt_result
};

struct hvt_net_io {
    uint64_t handle, data;
    uint64_t length; // reading: in: room, out: bytes read
    int32_t result;  // out: enum hvt_result
};

struct hvt_halt {
    uint64_t cookie; // 0, or the address of 512 bytes for a core dump
    int32_t status;
};

// The argument lies below 4 GiB, as all guest memory does (start.c).
static inline void hvt_call(enum hvt_call call, void *argument) {
    x86_out32((uint16_t)(HVT_PORT + call), (uint32_t)(uintptr_t)argument);
}

#endif // PYMNET_HVT_HYPERCALL_H
