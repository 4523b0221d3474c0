// endian.h - BSD's; lib/libm_dbl asks for it. x86-64 and every other machine we mean to run on is little-endian.
#ifndef PYMNET_LIBC_ENDIAN_H
#define PYMNET_LIBC_ENDIAN_H
#define __BYTE_ORDER __BYTE_ORDER__
#define __LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define __BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif
