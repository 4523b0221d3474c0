// jsonscalar.c - strings and numbers of a JSON document.

#include <string.h>

#include "json.h"
#include "py/parsenum.h"
#include "py/runtime.h"
#include "py/unicode.h"

#if MICROPY_PY_JSON

// `where` must lie in the document; its position counts characters.
void json_fail(const struct json_reader *reader, const char *message, const byte *where) {
    if (reader->error == MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), message);
    }
    mp_obj_t args[] = {
        mp_obj_new_str(message, strlen(message)),
        reader->document,
        MP_OBJ_NEW_SMALL_INT(utf8_charlen(reader->start, (size_t)(where - reader->start))),
    };
    nlr_raise(mp_call_function_n_kw(reader->error, MP_ARRAY_SIZE(args), 0, args));
}

static bool is_digit(const struct json_reader *reader, const byte *s) {
    return s < reader->top && *s >= '0' && *s <= '9';
}

static const byte *skip_digits(const struct json_reader *reader, const byte *s) {
    while (is_digit(reader, s)) {
        s++;
    }
    return s;
}

bool json_read_number(struct json_reader *reader, mp_obj_t *value) {
    const byte *begin = reader->s, *s = begin;
    s += s < reader->top && *s == '-';
    if (!is_digit(reader, s)) {
        return false;
    }
    s = *s == '0' ? s + 1 : skip_digits(reader, s);
    bool real = false;
    if (s < reader->top && *s == '.' && is_digit(reader, s + 1)) {
        real = true;
        s = skip_digits(reader, s + 1);
    }
    if (s < reader->top && (*s | 0x20) == 'e') {
        const byte *exponent = s + 1;
        exponent += exponent < reader->top && (*exponent == '+' || *exponent == '-');
        if (is_digit(reader, exponent)) {
            real = true;
            s = skip_digits(reader, exponent);
        }
    }
    reader->s = s;
    const char *text = (const char *)begin;
    size_t size = (size_t)(s - begin);
    mp_obj_t parse = real ? reader->parse_float : reader->parse_int;
    if (parse != MP_OBJ_NULL) {
        *value = mp_call_function_1(parse, mp_obj_new_str(text, size));
    } else {
        *value = real ? mp_parse_num_float(text, size, false, NULL) : mp_parse_num_integer(text, size, 10, NULL);
    }
    return true;
}

static bool read_hex(const struct json_reader *reader, const byte *s, unichar *code) {
    if (reader->top - s < 4) {
        return false;
    }
    *code = 0;
    for (const byte *end = s + 4; s < end; s++) {
        if (!unichar_isxdigit(*s)) {
            return false;
        }
        *code = *code << 4 | unichar_xdigit_value(*s);
    }
    return true;
}

// "uXXXX", from behind the u on. A surrogate takes the other half along.
static void read_unicode(struct json_reader *reader, vstr_t *text) {
    static const char message[] = "Invalid \\uXXXX escape";
    unichar code, low;
    if (!read_hex(reader, reader->s, &code)) {
        json_fail(reader, message, reader->s - 1);
    }
    reader->s += 4;
    bool more = code >= 0xd800 && code < 0xdc00 && reader->top - reader->s >= 2 && memcmp(reader->s, "\\u", 2) == 0;
    if (more) {
        if (!read_hex(reader, reader->s + 2, &low)) {
            json_fail(reader, message, reader->s + 1);
        }
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
            reader->s += 6;
        }
    }
    vstr_add_char(text, code);
}

// An escape, from behind its backslash on.
static void read_escape(struct json_reader *reader, vstr_t *text) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    byte c = *reader->s++;
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (c == 'u') {
        read_unicode(reader, text);
    } else if (name != NULL) {
        vstr_add_byte(text, (byte)values[name - names]);
    } else {
        json_fail(reader, "Invalid \\escape", reader->s - 2);
    }
}

static const byte *plain_end(const struct json_reader *reader) {
    const byte *s = reader->s;
    while (s < reader->top && *s != '"' && *s != '\\' && !(reader->strict && *s < 0x20)) {
        s++;
    }
    return s;
}

bool json_read_string(struct json_reader *reader, mp_obj_t *value) {
    const byte *quote = reader->s;
    if (quote >= reader->top || *quote != '"') {
        return false;
    }
    reader->s++;
    const byte *begin = reader->s, *end = plain_end(reader);
    if (end < reader->top && *end == '"') { // nothing to unescape
        reader->s = end + 1;
        *value = mp_obj_new_str((const char *)begin, (size_t)(end - begin));
        return true;
    }
    vstr_t text;
    vstr_init(&text, (size_t)(end - begin) + 16);
    for (;;) {
        end = plain_end(reader);
        vstr_add_strn(&text, (const char *)reader->s, (size_t)(end - reader->s));
        reader->s = end;
        if (end == reader->top || (*end == '\\' && end + 1 == reader->top)) {
            json_fail(reader, "Unterminated string starting at", quote);
        }
        reader->s++;
        if (*end == '"') {
            break;
        }
        if (*end != '\\') {
            json_fail(reader, "Invalid control character at", end);
        }
        read_escape(reader, &text);
    }
    *value = mp_obj_new_str(text.buf, text.len);
    vstr_clear(&text);
    return true;
}

#endif // MICROPY_PY_JSON
