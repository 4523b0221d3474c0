// format.h - struct's formats, their items, and the values of these.

#ifndef STRUCT_FORMAT_H
#define STRUCT_FORMAT_H

#include "py/obj.h"

// A place in a format.
typedef struct {
    const char *at, *end;
    bool is_native; // sizes and alignment of the machine
    bool is_big;
    size_t offset; // of what comes next, in bytes
} format_t;

// `count` values of `size` bytes each, or with 's' and 'p' one value of that many bytes, with 'x' none.
typedef struct {
    char code;
    size_t count, size;
    size_t offset;
    bool is_big;
} item_t;

extern const mp_obj_type_t mp_type_error; // struct.error
extern const mp_obj_type_t struct_type;

// format.c
format_t format_begin(mp_obj_t format);
bool format_next(format_t *format, item_t *item);
size_t format_size(mp_obj_t format, size_t *values);

// items.c
mp_obj_t item_unpack(const item_t *item, const byte *data);
void item_pack(const item_t *item, byte *data, mp_obj_t value);

// half.c
uint16_t half_of(double value);
double half_value(uint16_t half);

// struct.c: all of these take a format, or the Struct itself
mp_obj_t struct_pack(mp_obj_t format, size_t n_args, const mp_obj_t *args);
mp_obj_t struct_pack_into(mp_obj_t format, size_t n_args, const mp_obj_t *args);
mp_obj_t struct_unpack(mp_obj_t format, mp_obj_t buffer);
mp_obj_t struct_unpack_from(mp_obj_t format, size_t n_args, const mp_obj_t *args, mp_map_t *kw_args);
mp_obj_t struct_iter_unpack(mp_obj_t format, mp_obj_t buffer);
extern const mp_obj_fun_builtin_var_t struct_pack_obj, struct_pack_into_obj, struct_unpack_from_obj;
extern const mp_obj_fun_builtin_fixed_t struct_unpack_obj, struct_iter_unpack_obj;

#define struct_error(...) mp_raise_msg_varg(&mp_type_error, __VA_ARGS__)

#endif
