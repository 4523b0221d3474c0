// entry.c - preloaded into a runner (LD_PRELOAD), notes when it first enters its guest: what came before is its own start.
//
// The time, CLOCK_MONOTONIC in nanoseconds, goes to the file that PYMNET_ENTRY names, through memory: a runner that has
// confined itself could not write. On KVM that is the first KVM_RUN; solo5-spt enters once its system call filter is made.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define KVM_RUN 0xae80

static volatile uint64_t *noted;
static int has_run;

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("PYMNET_ENTRY");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *page = mmap(NULL, sizeof(*noted), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        noted = page != MAP_FAILED ? page : NULL;
        close(fd);
    }
}

static void note(void) {
    struct timespec time;
    if (noted != NULL && clock_gettime(CLOCK_MONOTONIC, &time) == 0) {
        *noted = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    }
}

int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (request == KVM_RUN && !has_run) {
        has_run = 1;
        note();
    }
    return (int)syscall(SYS_ioctl, fd, request, argument);
}

void seccomp_release(void *context);

void seccomp_release(void *context) {
    void (*release)(void *);
    *(void **)&release = dlsym(RTLD_NEXT, "seccomp_release");
    release(context);
    if (!has_run) {
        note();
    }
}
