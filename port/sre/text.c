// text.c - the subject: str or bytes, and its parts. Positions are bytes inside, characters outside.

#include <string.h>

#include "py/objstr.h"
#include "py/runtime.h"
#include "sre.h"

static bool is_ascii(const byte *p, size_t length) {
    const byte *end = p + length;
    for (uint64_t word; end - p >= 8; p += 8) {
        memcpy(&word, p, 8);
        if (word & 0x8080808080808080u) {
            return false;
        }
    }
    while (p < end) {
        if (*p++ >= 0x80) {
            return false;
        }
    }
    return true;
}

// Returns the str itself, or that of an instance of a subclass; MP_OBJ_NULL if it is neither.
static mp_obj_t as_str(mp_obj_t object) {
    return mp_obj_is_str(object) ? object : mp_obj_cast_to_native_base(object, MP_OBJ_FROM_PTR(&mp_type_str));
}

static bool is_bytes_pattern(const sre_pattern_t *pattern) {
    return pattern->pattern != mp_const_none && as_str(pattern->pattern) == MP_OBJ_NULL;
}

sre_text_t sre_text(const sre_pattern_t *pattern, mp_obj_t object) {
    sre_text_t text = {.object = object};
    mp_obj_t str = as_str(object);
    if (str != MP_OBJ_NULL) {
        if (is_bytes_pattern(pattern)) {
            mp_raise_TypeError(MP_ERROR_TEXT("cannot use a bytes pattern on a string-like object"));
        }
        text.object = str;
        text.data = (const byte *)mp_obj_str_get_data(str, &text.length);
        text.is_str = true;
        text.is_utf8 = !is_ascii(text.data, text.length);
        return text;
    }
    mp_buffer_info_t info;
    if (!mp_get_buffer(object, &info, MP_BUFFER_READ)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("expected string or bytes-like object, got '%s'"),
            mp_obj_get_type_str(object));
    }
    if (pattern->pattern != mp_const_none && !is_bytes_pattern(pattern)) {
        mp_raise_TypeError(MP_ERROR_TEXT("cannot use a string pattern on a bytes-like object"));
    }
    text.data = info.buf == NULL ? (const byte *)"" : info.buf;
    text.length = info.len;
    return text;
}

// Returns the text between two bytes; a bytearray may have become shorter.
mp_obj_t sre_slice(const sre_text_t *text, size_t from, size_t to) {
    if (from == 0 && to == text->length && (text->is_str || mp_obj_is_type(text->object, &mp_type_bytes))) {
        return text->object;
    }
    to = MIN(to, text->length);
    from = MIN(from, to);
    if (text->is_str) {
        return mp_obj_new_str((const char *)text->data + from, to - from);
    }
    return mp_obj_new_bytes(text->data + from, to - from);
}

// Returns the byte where the character `index` begins, `max` at most.
size_t sre_byte_of(const sre_text_t *text, size_t index, size_t max) {
    if (!text->is_utf8) {
        return MIN(index, max);
    }
    size_t at = 0;
    for (; index > 0 && at < max; index--) {
        do {
            at++;
        } while (at < max && sre_is_continuation(text->data[at]));
    }
    return at;
}

// Returns the number of characters between two bytes.
size_t sre_chars(const sre_text_t *text, size_t from, size_t to) {
    if (!text->is_utf8) {
        return to - from;
    }
    size_t count = 0;
    for (; from < to; from++) {
        count += !sre_is_continuation(text->data[from]);
    }
    return count;
}
