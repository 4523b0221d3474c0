// errno.h - only what lib/libm_dbl and the interpreter's C half touch; error numbers proper are py/mperrno.h.
#ifndef PYMNET_LIBC_ERRNO_H
#define PYMNET_LIBC_ERRNO_H
extern int errno;
#define EDOM 33
#define ERANGE 34
#endif
