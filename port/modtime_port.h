// modtime_port.h - included by extmod/modtime.c: the wall clock for its functions.

#include "py/mphal.h"
#include "shared/timeutils/timeutils.h"

static mp_obj_t mp_time_time_get(void) {
    return mp_obj_new_float((mp_float_t)mp_hal_time_ns() / MICROPY_FLOAT_CONST(1e9));
}

static mp_obj_t mp_time_localtime_get(void) {
    timeutils_struct_time_t now;
    timeutils_seconds_since_epoch_to_struct_time(mp_hal_time_ns() / 1000000000u, &now);
    mp_obj_t fields[8] = {
        mp_obj_new_int(now.tm_year),
        mp_obj_new_int(now.tm_mon),
        mp_obj_new_int(now.tm_mday),
        mp_obj_new_int(now.tm_hour),
        mp_obj_new_int(now.tm_min),
        mp_obj_new_int(now.tm_sec),
        mp_obj_new_int(now.tm_wday),
        mp_obj_new_int(now.tm_yday),
    };
    return mp_obj_new_tuple(8, fields);
}
