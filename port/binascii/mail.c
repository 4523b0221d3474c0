// mail.c - uuencode, a line at a time, and quoted-printable (RFC 2045 6.7).

#include <string.h>

#include "binascii.h"

#define LINE 76 // letters of a line of quoted-printable
#define UU_LINE 45

static mp_obj_t a2b_uu(mp_obj_t data) {
    mp_buffer_info_t info;
    binascii_ascii(data, &info);
    const byte *from = info.buf, *end = from + info.len;
    size_t wanted = from < end ? (*from++ - ' ') & 63 : 32; // of no line there are 32 bytes of zeros
    vstr_t out;
    vstr_init(&out, wanted + 1);
    uint32_t bits = 0;
    int count = 0;
    while (out.len < wanted) {
        byte letter = from < end ? *from++ : '\n';
        if (letter == '\n' || letter == '\r') {
            letter = 0; // an editor may have cut the blanks, which are zeros
        } else if (letter < ' ' || letter > ' ' + 64) {
            binascii_raise(MP_ERROR_TEXT("Illegal char"));
        } else {
            letter = (letter - ' ') & 63;
        }
        bits = bits << 6 | letter;
        count += 6;
        if (count >= 8) {
            count -= 8;
            vstr_add_byte(&out, bits >> count);
        }
    }
    for (; from < end; from++) {
        if (*from != ' ' && *from != ' ' + 64 && *from != '\n' && *from != '\r') {
            binascii_raise(MP_ERROR_TEXT("Trailing garbage"));
        }
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_1(binascii_a2b_uu_obj, a2b_uu);

// b2a_uu(data, /, *, backtick=False)
static mp_obj_t b2a_uu(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {{MP_QSTR_backtick, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = false}}};
    mp_arg_val_t backtick;
    mp_arg_parse_all(n_args - 1, args + 1, keywords, 1, allowed, &backtick);
    mp_buffer_info_t info;
    binascii_bytes(args[0], &info);
    if (info.len > UU_LINE) {
        binascii_raise(MP_ERROR_TEXT("At most 45 bytes at once"));
    }
    byte zero = backtick.u_bool ? '`' : ' ';
    const byte *from = info.buf;
    vstr_t out;
    vstr_init(&out, 64);
    vstr_add_byte(&out, info.len == 0 ? zero : ' ' + info.len);
    for (size_t i = 0; i < info.len; i += 3) {
        uint32_t bits = 0;
        for (size_t j = i; j < i + 3; j++) {
            bits = bits << 8 | (j < info.len ? from[j] : 0);
        }
        for (int shift = 18; shift >= 0; shift -= 6) {
            byte value = bits >> shift & 63;
            vstr_add_byte(&out, value == 0 ? zero : ' ' + value);
        }
    }
    vstr_add_byte(&out, '\n');
    return mp_obj_new_bytes_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(binascii_b2a_uu_obj, 1, b2a_uu);

// Behind a `=`: a soft line break, two digits, or something that stays. Returns where to go on.
static const byte *escape(vstr_t *out, const byte *from, const byte *end) {
    if (from == end) {
        return end;
    }
    if (*from == '\n' || *from == '\r') {
        while (from < end && *from != '\n') {
            from++;
        }
        return from < end ? from + 1 : end;
    }
    if (*from == '=') {
        vstr_add_byte(out, '=');
        return from + 1;
    }
    if (from + 1 < end && binascii_digit(from[0]) >= 0 && binascii_digit(from[1]) >= 0) {
        vstr_add_byte(out, binascii_digit(from[0]) << 4 | binascii_digit(from[1]));
        return from + 2;
    }
    vstr_add_byte(out, '=');
    return from;
}

// a2b_qp(data, header=False)
static mp_obj_t a2b_qp(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_data, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        {MP_QSTR_header, MP_ARG_BOOL, {.u_bool = false}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    mp_buffer_info_t info;
    binascii_ascii(value[0].u_obj, &info);
    vstr_t out;
    vstr_init(&out, info.len + 1);
    const byte *from = info.buf, *end = from + info.len;
    while (from < end) {
        byte letter = *from++;
        if (letter == '=') {
            from = escape(&out, from, end);
        } else {
            vstr_add_byte(&out, value[1].u_bool && letter == '_' ? ' ' : letter);
        }
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(binascii_a2b_qp_obj, 0, a2b_qp);

typedef struct {
    vstr_t out;
    size_t column;
    bool quotetabs, istext, header, crlf;
} encoder_t;

static void end_line(encoder_t *e) {
    vstr_add_str(&e->out, e->crlf ? "\r\n" : "\n");
    e->column = 0;
}

static void add_escape(encoder_t *e, byte letter) {
    vstr_add_byte(&e->out, '=');
    vstr_add_byte(&e->out, "0123456789ABCDEF"[letter >> 4]);
    vstr_add_byte(&e->out, "0123456789ABCDEF"[letter & 15]);
}

static bool must_escape(const encoder_t *e, const byte *at, const byte *end) {
    byte letter = *at;
    bool is_last = at + 1 == end;
    if (letter > 126 || letter == '=' || (e->header && letter == '_')) {
        return true;
    }
    if (letter == '.' && e->column == 0) { // alone in its line it would end a mail
        return is_last || at[1] == '\n' || at[1] == '\r' || at[1] == 0;
    }
    if (letter == '\r' || letter == '\n') {
        return !e->istext;
    }
    if (letter == '\t' || letter == ' ') {
        return is_last || e->quotetabs;
    }
    return letter < 33;
}

static void line_break(encoder_t *e) {
    size_t length = e->out.len;
    byte last = length > 0 ? e->out.buf[length - 1] : 0;
    if (last == ' ' || last == '\t') { // blanks at the end of a line may get lost
        e->out.len--;
        add_escape(e, last);
    }
    end_line(e);
}

static const byte *encode(encoder_t *e, const byte *at, const byte *end) {
    if (must_escape(e, at, end)) {
        if (e->column + 3 >= LINE) {
            vstr_add_byte(&e->out, '=');
            end_line(e);
        }
        add_escape(e, *at);
        e->column += 3;
        return at + 1;
    }
    if (e->istext && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'))) {
        line_break(e);
        return at + (*at == '\r' ? 2 : 1);
    }
    if (at + 1 != end && at[1] != '\n' && e->column + 1 >= LINE) {
        vstr_add_byte(&e->out, '=');
        end_line(e);
    }
    e->column++;
    vstr_add_byte(&e->out, e->header && *at == ' ' ? '_' : *at);
    return at + 1;
}

// b2a_qp(data, quotetabs=False, istext=True, header=False)
static mp_obj_t b2a_qp(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_data, MP_ARG_REQUIRED | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
        {MP_QSTR_quotetabs, MP_ARG_BOOL, {.u_bool = false}},
        {MP_QSTR_istext, MP_ARG_BOOL, {.u_bool = true}},
        {MP_QSTR_header, MP_ARG_BOOL, {.u_bool = false}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    mp_buffer_info_t info;
    binascii_bytes(value[0].u_obj, &info);
    encoder_t e = {.quotetabs = value[1].u_bool, .istext = value[2].u_bool, .header = value[3].u_bool};
    const byte *from = info.buf, *end = from + info.len;
    const byte *newline = info.len > 0 ? memchr(from, '\n', info.len) : NULL;
    e.crlf = newline != NULL && newline > from && newline[-1] == '\r';
    vstr_init(&e.out, info.len + 1);
    while (from < end) {
        from = encode(&e, from, end);
    }
    return mp_obj_new_bytes_from_vstr(&e.out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(binascii_b2a_qp_obj, 0, b2a_qp);
