// items.c - one value to bytes and back, with its range checked.

#include <math.h>
#include <string.h>

#include "py/objint.h"
#include "py/runtime.h"
#include "format.h"

static uint64_t load(const item_t *item, const byte *data) {
    uint64_t bits = 0;
    for (size_t i = 0; i < item->size; i++) {
        bits = bits << 8 | data[item->is_big ? i : item->size - 1 - i];
    }
    return bits;
}

static void store(const item_t *item, byte *data, uint64_t bits) {
    for (size_t i = 0; i < item->size; i++, bits >>= 8) {
        data[item->is_big ? item->size - 1 - i : i] = bits;
    }
}

static double float_of(uint64_t bits, size_t size) {
    if (size == 2) {
        return half_value(bits);
    }
    if (size == 4) {
        float value;
        uint32_t word = bits;
        memcpy(&value, &word, sizeof(value));
        return value;
    }
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

mp_obj_t item_unpack(const item_t *item, const byte *data) {
    switch (item->code) {
    case 's': return mp_obj_new_bytes(data, item->size);
    case 'p': return mp_obj_new_bytes(data + 1, item->size == 0 ? 0 : MIN(data[0], item->size - 1));
    case 'c': return mp_obj_new_bytes(data, 1);
    case '?': return mp_obj_new_bool(data[0] != 0);
    case 'e':
    case 'f':
    case 'd': return mp_obj_new_float(float_of(load(item, data), item->size));
    default: break;
    }
    uint64_t bits = load(item, data);
    if (item->code >= 'a' && item->code != 'x') { // signed
        unsigned unused = 64 - 8 * item->size;
        return mp_obj_new_int((mp_int_t)(bits << unused) >> unused);
    }
    return mp_obj_new_int_from_uint(bits);
}

static void pack_bytes(const item_t *item, byte *data, mp_obj_t value) {
    mp_buffer_info_t info;
    value = mp_obj_native_part(value);
    bool is_bytes =
        mp_obj_is_type(value, &mp_type_bytes) || (item->code != 'c' && mp_obj_is_type(value, &mp_type_bytearray));
    if (!is_bytes || !mp_get_buffer(value, &info, MP_BUFFER_READ)) {
        if (item->code == 'c') {
            struct_error(MP_ERROR_TEXT("char format requires a bytes object of length 1"));
        }
        struct_error(MP_ERROR_TEXT("argument for '%c' must be a bytes object"), item->code);
    }
    if (item->code == 'c') {
        if (info.len != 1) {
            struct_error(MP_ERROR_TEXT("char format requires a bytes object of length 1"));
        }
        data[0] = ((const byte *)info.buf)[0];
    } else if (item->code == 's') {
        memcpy(data, info.buf, MIN(info.len, item->size));
    } else if (item->size > 0) {
        size_t length = MIN(info.len, item->size - 1);
        memcpy(data + 1, info.buf, length);
        data[0] = MIN(length, 255);
    }
}

static uint64_t float_bits(const item_t *item, mp_obj_t value) {
    mp_float_t number;
    if (!mp_obj_get_float_maybe(value, &number)) {
        struct_error(MP_ERROR_TEXT("required argument is not a float"));
    }
    if (item->size == 2) {
        return half_of(number);
    }
    uint64_t bits;
    if (item->size == 4) {
        float single = (float)number;
        uint32_t word;
        if (isinf(single) && !isinf(number)) {
            mp_raise_msg(&mp_type_OverflowError, MP_ERROR_TEXT("float too large to pack with f format"));
        }
        memcpy(&word, &single, sizeof(word));
        return word;
    }
    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static mp_obj_t integer(mp_obj_t value) {
    if (mp_obj_is_bool(value)) {
        return MP_OBJ_NEW_SMALL_INT(value == mp_const_true);
    }
    if (!mp_obj_is_int(value)) {
        mp_obj_t base = mp_obj_cast_to_native_base(value, MP_OBJ_FROM_PTR(&mp_type_int));
        if (base != MP_OBJ_NULL) {
            return base;
        }
        mp_obj_t index[2];
        mp_load_method_maybe(value, MP_QSTR___index__, index);
        if (index[0] == MP_OBJ_NULL) {
            struct_error(MP_ERROR_TEXT("required argument is not an integer"));
        }
        value = mp_obj_native_part(mp_call_method_n_kw(0, 0, index));
        if (!mp_obj_is_int(value)) {
            mp_raise_TypeError(MP_ERROR_TEXT("__index__ returned non-int"));
        }
    }
    return value;
}

// The lowest 64 bits of an integer; whether it has no others goes to *fits.
static uint64_t bits_of(mp_obj_t value, bool is_signed, bool *fits) {
    if (mp_obj_is_small_int(value)) {
        *fits = is_signed || MP_OBJ_SMALL_INT_VALUE(value) >= 0;
        return MP_OBJ_SMALL_INT_VALUE(value);
    }
    byte bytes[9]; // of two's complement
    *fits = mp_obj_int_to_bytes_impl(value, false, sizeof(bytes), bytes);
    uint64_t bits = 0;
    for (size_t i = 8; i-- > 0;) {
        bits = bits << 8 | bytes[i];
    }
    byte above = is_signed && bits >> 63 ? 0xff : 0;
    *fits = *fits && bytes[8] == above;
    return bits;
}

static void pack_integer(const item_t *item, byte *data, mp_obj_t value_in) {
    bool is_signed = item->code >= 'a', fits;
    mp_obj_t value = integer(value_in);
    uint64_t bits = bits_of(value, is_signed, &fits);
    unsigned width = 8 * item->size;
    if (width == 64) {
        if (!fits) {
            struct_error(MP_ERROR_TEXT("int too large to convert"));
        }
    } else {
        int64_t low = is_signed ? -((int64_t)1 << (width - 1)) : 0;
        int64_t high = ((int64_t)1 << (is_signed ? width - 1 : width)) - 1;
        if (!fits || (int64_t)bits < low || (int64_t)bits > high) {
            if (item->size == 1 || (item->size == 2 && !item->is_big)) {
                static const char *const NAMES[] = {"byte", "ubyte", "short", "ushort"};
                const char *name = NAMES[2 * (item->size - 1) + !is_signed];
                mp_obj_t bounds[] = {mp_obj_new_int(low), mp_obj_new_int(high)};
                struct_error(MP_ERROR_TEXT("%s format requires %d <= number <= %d"), name,
                    (int)mp_obj_get_int(bounds[0]), (int)mp_obj_get_int(bounds[1]));
            }
            if (!fits) {
                struct_error(MP_ERROR_TEXT("argument out of range"));
            }
            struct_error(
                MP_ERROR_TEXT("'%c' format requires %ld <= number <= %lu"), item->code, (long)low, (unsigned long)high);
        }
    }
    store(item, data, bits);
}

void item_pack(const item_t *item, byte *data, mp_obj_t value) {
    switch (item->code) {
    case 's':
    case 'p':
    case 'c': pack_bytes(item, data, value); break;
    case '?': data[0] = mp_obj_is_true(value); break;
    case 'e':
    case 'f':
    case 'd': store(item, data, float_bits(item, value)); break;
    default: pack_integer(item, data, value);
    }
}
