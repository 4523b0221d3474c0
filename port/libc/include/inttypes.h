// inttypes.h - C11 7.8, as far as it is used.
#ifndef PYMNET_LIBC_INTTYPES_H
#define PYMNET_LIBC_INTTYPES_H
#include <stdint.h>
#endif
