// endian.h - BSD's, used by lib/libm_dbl. x86-64 and all other intended machines are little-endian.
#ifndef PYMNET_LIBC_ENDIAN_H
#define PYMNET_LIBC_ENDIAN_H
#define __BYTE_ORDER __BYTE_ORDER__
#define __LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define __BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif
