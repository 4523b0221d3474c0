// signal_before_run.c - preloaded into the tender: a SIGTERM at the worst moment, between the interpreter's last look
// for signals and the guest's first instruction.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#define KVM_RUN 0xAE80

int ioctl(int fd, unsigned long request, ...) {
    static int (*real)(int, unsigned long, void *);
    static int runs;
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (real == NULL) {
        real = (int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
    }
    if (request == KVM_RUN && ++runs == RUN) {
        kill(getpid(), SIGTERM);
    }
    return real(fd, request, argument);
}
