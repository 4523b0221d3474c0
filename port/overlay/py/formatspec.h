// formatspec.h - Python's format specifications ("The Format Specification Mini-Language" of the library reference).

#ifndef PYMNET_FORMATSPEC_H
#define PYMNET_FORMATSPEC_H

#include "py/obj.h"

struct mp_format_spec {
    unichar fill;
    char align; // '<', '>', '^', '=', or 0: as the type has it
    char sign;  // '+', ' ', '-', or 0
    bool no_negative_zero;
    bool alternate;
    bool bytes;    // widths count bytes, not characters
    char group;    // ',', '_', or 0
    char type;     // 0: as the type has it
    int width;     // -1: as wide as it is
    int precision; // -1: none
    int digits;    // of an integer, at least (printf's precision)
};

// 'e', 'f', 'g' as C's printf, 'r' as repr(), 'R' as it but 1 for 1.0, 'p' as a Python float with a precision but no type; capitals write capitals.
void mp_format_double(vstr_t *out, mp_float_t value, char format, int precision, bool alternate);

// These append `value` as the specification says; types and errors are checked before.
void mp_format_text(vstr_t *out, const struct mp_format_spec *spec, const char *text, size_t length);
void mp_format_int(vstr_t *out, const struct mp_format_spec *spec, mp_obj_t value);
void mp_format_real(vstr_t *out, const struct mp_format_spec *spec, mp_float_t value);

// Appends format(value, text): what `__format__` returns, or the value as the specification says.
void mp_format_object(vstr_t *out, mp_obj_t value, const char *text, size_t length);

// The instance of the built-in `type` that `value` is, or carries as an object of a subclass; else MP_OBJ_NULL.
mp_obj_t mp_obj_as_native(mp_obj_t value, const mp_obj_type_t *type);

// ascii(value): its repr() with every character beyond ASCII escaped.
mp_obj_t mp_obj_ascii(mp_obj_t value);

mp_obj_t mp_obj_str_percent(mp_obj_t pattern, size_t n_args, const mp_obj_t *args, mp_obj_t mapping);

MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(mp_builtin_format_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mp_builtin_ascii_obj);
MP_DECLARE_CONST_FUN_OBJ_2(mp_str_format_map_obj);

#endif // PYMNET_FORMATSPEC_H
