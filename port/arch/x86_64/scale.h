// scale.h - turning counter ticks into nanoseconds with one multiplication. The form is kvmclock's (Linux,
// Documentation/virt/kvm/x86/msr.rst), used for the TSC we calibrate ourselves as well.

#ifndef PYMNET_X86_SCALE_H
#define PYMNET_X86_SCALE_H

#include <stdint.h>

struct x86_scale {
    uint32_t multiplier; // nanoseconds per (shifted) tick, times 2^32
    int8_t shift;        // ticks are shifted left by this first, right if negative
};

static inline uint64_t x86_scale_ticks(const struct x86_scale *scale, uint64_t ticks) {
    ticks = scale->shift >= 0 ? ticks << scale->shift : ticks >> -scale->shift;
    return (uint64_t)((unsigned __int128)ticks * scale->multiplier >> 32);
}

// The scale under which `ticks` are `ns` nanoseconds, with 31 significant bits or more. Both below 2^62, not 0.
static inline struct x86_scale x86_scale_of(uint64_t ns, uint64_t ticks) {
    struct x86_scale scale = {.shift = 0};
    while (ns >= ticks) { // the ratio has to be below 1 ...
        ticks <<= 1;
        scale.shift++;
    }
    while (ns < ticks >> 1) { // ... and at least a half
        ns <<= 1;
        scale.shift--;
    }
    scale.multiplier = (uint32_t)(((unsigned __int128)ns << 32) / ticks);
    return scale;
}

#endif // PYMNET_X86_SCALE_H
