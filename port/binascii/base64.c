// base64.c - base64 (RFC 4648 4).

#include "binascii.h"

#define PAD '='
#define NONE 64

static byte value_of(byte letter) {
    if (letter >= 'A' && letter <= 'Z') {
        return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
        return letter - 'a' + 26;
    }
    if (letter >= '0' && letter <= '9') {
        return letter - '0' + 52;
    }
    return letter == '+' ? 62 : letter == '/' ? 63 : NONE;
}

typedef struct {
    vstr_t out;
    size_t place; // in the group of four letters
    byte left;    // bits of the last letter that are not yet written
} decoder_t;

static void take(decoder_t *d, byte value) {
    static const byte kept[4] = {6, 4, 2, 0};
    if (d->place > 0) {
        vstr_add_byte(&d->out, d->left << (8 - kept[d->place - 1]) | value >> kept[d->place]);
    }
    d->left = value & ((1 << kept[d->place]) - 1);
    d->place = (d->place + 1) % 4;
}

// a2b_base64(data, /, *, strict_mode=False)
static mp_obj_t a2b(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {{MP_QSTR_strict_mode, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = false}}};
    mp_arg_val_t strict;
    mp_arg_parse_all(n_args - 1, args + 1, keywords, 1, allowed, &strict);
    mp_buffer_info_t info;
    binascii_ascii(args[0], &info);
    decoder_t d = {0};
    vstr_init(&d.out, info.len / 4 * 3 + 4);
    const byte *from = info.buf, *end = from + info.len;
    if (strict.u_bool && from < end && *from == PAD) {
        binascii_raise(MP_ERROR_TEXT("Leading padding not allowed"));
    }
    size_t pads = 0;
    bool padded = false;
    for (; from < end; from++) {
        if (*from == PAD) {
            padded = true;
            if (d.place >= 2 && d.place + ++pads >= 4) {
                if (strict.u_bool && from + 1 < end) {
                    binascii_raise(MP_ERROR_TEXT("Excess data after padding"));
                }
                return mp_obj_new_bytes_from_vstr(&d.out);
            }
            continue;
        }
        byte value = value_of(*from);
        if (value == NONE) {
            if (strict.u_bool) {
                binascii_raise(MP_ERROR_TEXT("Only base64 data is allowed"));
            }
            continue;
        }
        if (strict.u_bool && padded) {
            binascii_raise(MP_ERROR_TEXT("Discontinuous padding not allowed"));
        }
        pads = 0;
        take(&d, value);
    }
    if (d.place == 1) {
        mp_raise_msg_varg(&binascii_error_type,
            MP_ERROR_TEXT("Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a "
                          "multiple of 4"),
            (int)(d.out.len / 3 * 4 + 1));
    }
    if (d.place != 0) {
        binascii_raise(MP_ERROR_TEXT("Incorrect padding"));
    }
    return mp_obj_new_bytes_from_vstr(&d.out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(binascii_a2b_base64_obj, 1, a2b);

// b2a_base64(data, /, *, newline=True)
static mp_obj_t b2a(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const mp_arg_t allowed[] = {{MP_QSTR_newline, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = true}}};
    mp_arg_val_t newline;
    mp_arg_parse_all(n_args - 1, args + 1, keywords, 1, allowed, &newline);
    mp_buffer_info_t info;
    binascii_bytes(args[0], &info);
    const byte *from = info.buf;
    vstr_t out;
    vstr_init(&out, (info.len + 2) / 3 * 4 + 2);
    for (size_t i = 0; i < info.len; i += 3) {
        size_t count = MIN(info.len - i, 3);
        uint32_t bits = (uint32_t)from[i] << 16;
        bits |= count > 1 ? (uint32_t)from[i + 1] << 8 : 0;
        bits |= count > 2 ? from[i + 2] : 0;
        for (size_t j = 0; j < 4; j++) {
            vstr_add_byte(&out, j <= count ? letters[bits >> (18 - 6 * j) & 63] : PAD);
        }
    }
    if (newline.u_bool) {
        vstr_add_byte(&out, '\n');
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(binascii_b2a_base64_obj, 1, b2a);
