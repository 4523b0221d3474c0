// time.h - C11 7.27, the types only, for lib/mbedtls.
#ifndef PYMNET_LIBC_TIME_H
#define PYMNET_LIBC_TIME_H
#include <stddef.h>
typedef long time_t;
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
#endif
