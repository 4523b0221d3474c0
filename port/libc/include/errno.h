// errno.h - only for lib/libm_dbl and the interpreter's C code; the error numbers are in py/mperrno.h.
#ifndef PYMNET_LIBC_ERRNO_H
#define PYMNET_LIBC_ERRNO_H
extern int errno;
#define EDOM 33
#define ERANGE 34
#endif
