// syscall.h - system calls: under spt the image is a process, and seccomp allows the calls listed here.
// Facts: Solo5 spt ABI 2; numbers: Linux, arch/x86/entry/syscalls/syscall_64.tbl. Any other call kills the
// process.

#ifndef PYMNET_SPT_SYSCALL_H
#define PYMNET_SPT_SYSCALL_H

#include <stdint.h>

#define SYS_READ 0 // on the descriptors of network devices
#define SYS_WRITE 1
#define SYS_PREAD64 17 // on those of block devices: one sector, within the capacity
#define SYS_PWRITE64 18
#define SYS_CLOCK_GETTIME 228
#define SYS_EXIT_GROUP 231
#define SYS_EPOLL_PWAIT 281
#define SYS_TIMERFD_SETTIME 286

// The kernel returns errors as negative numbers.
#define LINUX_EINTR 4
#define LINUX_EAGAIN 11

#define STDOUT 1

static inline long spt_call6(long number, long a, long b, long c, long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
        : "=a"(result)
        : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
        : "rcx", "r11", "memory");
    return result;
}

static inline long spt_call(long number, long a, long b, long c, long d) {
    return spt_call6(number, a, b, c, d, 0, 0);
}

#endif // PYMNET_SPT_SYSCALL_H
