// stdlib.h - C11 7.22, as far as it is used. There is no malloc: everything lives in the collected heap.
#ifndef PYMNET_LIBC_STDLIB_H
#define PYMNET_LIBC_STDLIB_H
#include <stddef.h>
_Noreturn void abort(void);
static inline int abs(int x) {
    return x < 0 ? -x : x;
}
#endif
