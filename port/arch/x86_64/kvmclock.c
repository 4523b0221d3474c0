// kvmclock.c - see kvmclock.h. Spec: Linux, Documentation/virt/kvm/x86/{cpuid,msr}.rst.

#include "cpu.h"
#include "kvmclock.h"
#include "ring.h"
#include "scale.h"

#define CPUID_SIGNATURE 0x40000000
#define CPUID_SIGNATURE_SECOND 0x40000100 // where KVM moves when it shows Hyper-V's leaves first
#define CPUID_FEATURE_CLOCKSOURCE2 (1u << 3)

#define MSR_WALL_CLOCK 0x4b564d00
#define MSR_SYSTEM_TIME 0x4b564d01
#define SYSTEM_TIME_ENABLE 1

#define FLAG_GUEST_STOPPED 2
#define WALL_MAX_AGE UINT64_C(60000000000)

#define NS_PER_SECOND UINT64_C(1000000000)

// Both pages are written by the host at any time; an odd version means that it is at it now.
static volatile struct {
    uint32_t version, pad0;
    uint64_t tsc, system_time;
    uint32_t multiplier;
    int8_t shift;
    uint8_t flags, pad[2];
} system_page __attribute__((aligned(64)));

static volatile struct {
    uint32_t version, seconds, nanoseconds;
} wall_page __attribute__((aligned(16)));

static uint64_t wall_read_at; // monotonic
static uint64_t wall_base;    // wall clock at monotonic 0

static bool offers_clock(uint32_t base) {
    struct x86_cpuid leaf;
    x86_service_cpuid(base, 0, &leaf);
    if (leaf.ebx != 0x4b4d564b || leaf.ecx != 0x564b4d56 || leaf.edx != 0x4d) { // "KVMKVMKVM"
        return false;
    }
    x86_service_cpuid(base + 1, 0, &leaf);
    return leaf.eax & CPUID_FEATURE_CLOCKSOURCE2;
}

static void read_wall_base(void) {
    x86_service_wrmsr(MSR_WALL_CLOCK, (uintptr_t)&wall_page);
    uint32_t version;
    do {
        version = wall_page.version;
        x86_compiler_barrier();
        wall_base = wall_page.seconds * NS_PER_SECOND + wall_page.nanoseconds;
        x86_compiler_barrier();
    } while (version & 1 || version != wall_page.version);
    wall_read_at = x86_kvmclock_monotonic();
}

bool x86_kvmclock_init(void) {
    if (!offers_clock(CPUID_SIGNATURE) && !offers_clock(CPUID_SIGNATURE_SECOND)) {
        return false;
    }
    x86_service_wrmsr(MSR_SYSTEM_TIME, (uintptr_t)&system_page | SYSTEM_TIME_ENABLE);
    read_wall_base();
    return true;
}

uint64_t x86_kvmclock_monotonic(void) {
    uint32_t version;
    uint64_t now;
    do {
        version = system_page.version;
        x86_compiler_barrier();
        struct x86_scale scale = {system_page.multiplier, system_page.shift};
        now = system_page.system_time + x86_scale_ticks(&scale, x86_tsc() - system_page.tsc);
        x86_compiler_barrier();
    } while (version & 1 || version != system_page.version);
    return now;
}

uint64_t x86_kvmclock_wall(void) {
    uint64_t now = x86_kvmclock_monotonic();
    if (system_page.flags & FLAG_GUEST_STOPPED || now - wall_read_at > WALL_MAX_AGE) {
        system_page.flags &= (uint8_t)~FLAG_GUEST_STOPPED; // the guest is to clear it
        read_wall_base();
        now = wall_read_at;
    }
    return wall_base + now;
}
