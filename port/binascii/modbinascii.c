// modbinascii.c - the module `binascii`, as CPython's: hexadecimal digits, checksums, the table of names.

#include "binascii.h"
#include "py/objexcept.h"
#include "py/objstr.h"

MP_DEFINE_CONST_OBJ_TYPE(binascii_error_type, MP_QSTR_Error, MP_TYPE_FLAG_NONE, make_new, mp_obj_exception_make_new,
    print, mp_obj_exception_print, attr, mp_obj_exception_attr, parent, &mp_type_ValueError);
static MP_DEFINE_CONST_OBJ_TYPE(incomplete_type, MP_QSTR_Incomplete, MP_TYPE_FLAG_NONE, make_new,
    mp_obj_exception_make_new, print, mp_obj_exception_print, attr, mp_obj_exception_attr, parent, &mp_type_Exception);

NORETURN void binascii_raise(mp_rom_error_text_t text) {
    mp_raise_msg(&binascii_error_type, text);
}

void binascii_ascii(mp_obj_t data, mp_buffer_info_t *info) {
    if (mp_obj_is_str(mp_obj_native_part(data))) {
        info->buf = (void *)mp_obj_str_get_data(data, &info->len);
        for (size_t i = 0; i < info->len; i++) {
            if (((byte *)info->buf)[i] >= 0x80) {
                mp_raise_ValueError(MP_ERROR_TEXT("string argument should contain only ASCII characters"));
            }
        }
    } else if (!mp_get_buffer(data, info, MP_BUFFER_READ)) {
        mp_raise_msg_varg(&mp_type_TypeError,
            MP_ERROR_TEXT("argument should be bytes, buffer or ASCII string, not '%s'"), mp_obj_get_type_str(data));
    }
}

void binascii_bytes(mp_obj_t data, mp_buffer_info_t *info) {
    if (mp_obj_is_str(mp_obj_native_part(data)) || !mp_get_buffer(data, info, MP_BUFFER_READ)) {
        mp_raise_msg_varg(
            &mp_type_TypeError, MP_ERROR_TEXT("a bytes-like object is required, not '%s'"), mp_obj_get_type_str(data));
    }
}

int binascii_digit(byte letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    byte small = letter | 0x20;
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

static mp_obj_t unhexlify(mp_obj_t data) {
    mp_buffer_info_t info;
    binascii_ascii(data, &info);
    if (info.len % 2 != 0) {
        binascii_raise(MP_ERROR_TEXT("Odd-length string"));
    }
    vstr_t out;
    vstr_init_len(&out, info.len / 2);
    const byte *from = info.buf;
    for (size_t i = 0; i < out.len; i++) {
        int high = binascii_digit(from[2 * i]), low = binascii_digit(from[2 * i + 1]);
        if (high < 0 || low < 0) {
            binascii_raise(MP_ERROR_TEXT("Non-hexadecimal digit found"));
        }
        out.buf[i] = (byte)(16 * high + low);
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_1(unhexlify_obj, unhexlify);

static byte separator_of(mp_obj_t sep) {
    size_t length;
    const char *text;
    if (!mp_obj_is_str_or_bytes(sep)) {
        mp_raise_TypeError(MP_ERROR_TEXT("sep must be str or bytes."));
    }
    text = mp_obj_str_get_data(sep, &length);
    if (mp_obj_get_int(mp_obj_len(sep)) != 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("sep must be length 1."));
    }
    if ((byte)text[0] >= 0x80) {
        mp_raise_ValueError(MP_ERROR_TEXT("sep must be ASCII."));
    }
    return text[0];
}

// hexlify(data, sep=None, bytes_per_sep=1): groups count from the end, or with a negative number from the start.
static mp_obj_t hexlify(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_data, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        {MP_QSTR_sep, MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        {MP_QSTR_bytes_per_sep, MP_ARG_INT, {.u_int = 1}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    mp_buffer_info_t info;
    binascii_bytes(value[0].u_obj, &info);
    byte separator = value[1].u_obj == MP_OBJ_NULL ? 0 : separator_of(value[1].u_obj);
    mp_int_t each = value[1].u_obj == MP_OBJ_NULL ? 0 : value[2].u_int;
    size_t group = each < 0 ? -(mp_uint_t)each : (mp_uint_t)each;
    bool from_start = each < 0;
    vstr_t out;
    vstr_init(&out, 2 * info.len + (group == 0 ? 0 : info.len / group) + 1);
    for (size_t i = 0; i < info.len; i++) {
        if (group > 0 && i > 0 && (from_start ? i : info.len - i) % group == 0) {
            vstr_add_byte(&out, separator);
        }
        byte letter = ((const byte *)info.buf)[i];
        vstr_add_byte(&out, "0123456789abcdef"[letter >> 4]);
        vstr_add_byte(&out, "0123456789abcdef"[letter & 15]);
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(hexlify_obj, 0, hexlify);

// crc32(data, value=0): by halves of bytes, with a table of 16 words.
static mp_obj_t crc32(size_t n_args, const mp_obj_t *args) {
    // clang-format off
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    // clang-format on
    mp_buffer_info_t info;
    binascii_bytes(args[0], &info);
    uint32_t crc = ~(n_args > 1 ? (uint32_t)mp_obj_get_int_truncated(args[1]) : 0);
    for (size_t i = 0; i < info.len; i++) {
        crc ^= ((const byte *)info.buf)[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return mp_obj_new_int_from_uint((uint32_t)~crc);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(crc32_obj, 1, 2, crc32);

// crc_hqx(data, value): the polynomial 0x1021 of CCITT.
static mp_obj_t crc_hqx(mp_obj_t data, mp_obj_t value) {
    mp_buffer_info_t info;
    binascii_bytes(data, &info);
    uint32_t crc = mp_obj_get_int_truncated(value) & 0xffff;
    for (size_t i = 0; i < info.len; i++) {
        crc ^= (uint32_t)((const byte *)info.buf)[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
        }
    }
    return MP_OBJ_NEW_SMALL_INT(crc);
}
static MP_DEFINE_CONST_FUN_OBJ_2(crc_hqx_obj, crc_hqx);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_binascii)},
    {MP_ROM_QSTR(MP_QSTR_Error), MP_ROM_PTR(&binascii_error_type)},
    {MP_ROM_QSTR(MP_QSTR_Incomplete), MP_ROM_PTR(&incomplete_type)},
    {MP_ROM_QSTR(MP_QSTR_hexlify), MP_ROM_PTR(&hexlify_obj)},
    {MP_ROM_QSTR(MP_QSTR_b2a_hex), MP_ROM_PTR(&hexlify_obj)},
    {MP_ROM_QSTR(MP_QSTR_unhexlify), MP_ROM_PTR(&unhexlify_obj)},
    {MP_ROM_QSTR(MP_QSTR_a2b_hex), MP_ROM_PTR(&unhexlify_obj)},
    {MP_ROM_QSTR(MP_QSTR_a2b_base64), MP_ROM_PTR(&binascii_a2b_base64_obj)},
    {MP_ROM_QSTR(MP_QSTR_b2a_base64), MP_ROM_PTR(&binascii_b2a_base64_obj)},
    {MP_ROM_QSTR(MP_QSTR_a2b_uu), MP_ROM_PTR(&binascii_a2b_uu_obj)},
    {MP_ROM_QSTR(MP_QSTR_b2a_uu), MP_ROM_PTR(&binascii_b2a_uu_obj)},
    {MP_ROM_QSTR(MP_QSTR_a2b_qp), MP_ROM_PTR(&binascii_a2b_qp_obj)},
    {MP_ROM_QSTR(MP_QSTR_b2a_qp), MP_ROM_PTR(&binascii_b2a_qp_obj)},
    {MP_ROM_QSTR(MP_QSTR_crc32), MP_ROM_PTR(&crc32_obj)},
    {MP_ROM_QSTR(MP_QSTR_crc_hqx), MP_ROM_PTR(&crc_hqx_obj)},
};
static MP_DEFINE_CONST_DICT(binascii_globals, globals_table);

const mp_obj_module_t mp_module_binascii = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&binascii_globals,
};
MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_binascii, mp_module_binascii);
