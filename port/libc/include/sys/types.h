// sys/types.h - POSIX, as far as it is used.
#ifndef PYMNET_LIBC_SYS_TYPES_H
#define PYMNET_LIBC_SYS_TYPES_H
#include <stddef.h>
typedef long ssize_t;
typedef long off_t;
#endif
