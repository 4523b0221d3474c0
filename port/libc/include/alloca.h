// alloca.h
#ifndef PYMNET_LIBC_ALLOCA_H
#define PYMNET_LIBC_ALLOCA_H
#define alloca(size) __builtin_alloca(size)
#endif
