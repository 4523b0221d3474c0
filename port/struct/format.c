// format.c - reading a format: byte order, counts, sizes and alignment.

#include <string.h>

#include "py/objstr.h"
#include "py/runtime.h"
#include "format.h"

format_t format_begin(mp_obj_t format_in) {
    mp_obj_t str = mp_obj_cast_to_native_base(format_in, MP_OBJ_FROM_PTR(&mp_type_str));
    if (!mp_obj_is_str_or_bytes(format_in) && str == MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_TypeError,
            MP_ERROR_TEXT("Struct() argument 1 must be a str or bytes object, not %s"), mp_obj_get_type_str(format_in));
    }
    size_t length;
    const char *text = mp_obj_str_get_data(mp_obj_is_str_or_bytes(format_in) ? format_in : str, &length);
    format_t format = {.at = text, .end = text + length, .is_native = true};
    if (length > 0 && memchr("@=<>!", text[0], 5) != NULL) {
        format.is_native = text[0] == '@';
        format.is_big = text[0] == '>' || text[0] == '!';
        format.at++;
    }
    return format;
}

static size_t size_of(char code, bool is_native) {
    switch (code) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case '?':
    case 's':
    case 'p': return 1;
    case 'h':
    case 'H':
    case 'e': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L': return is_native ? sizeof(long) : 4;
    case 'q':
    case 'Q':
    case 'd': return 8;
    case 'n':
    case 'N':
    case 'P': return is_native ? sizeof(void *) : 0;
    default: return 0;
    }
}

__attribute__((noreturn)) static void too_long(void) {
    struct_error(MP_ERROR_TEXT("total struct size too long"));
}

// Returns the count before a code; 1 if there is none. Blanks may precede it, not follow it.
static size_t read_count(format_t *f, bool *is_given) {
    while (f->at < f->end && strchr(" \t\n\r\v\f", *f->at) != NULL && *f->at != 0) {
        f->at++;
    }
    *is_given = f->at < f->end && *f->at >= '0' && *f->at <= '9';
    size_t count = 0;
    while (f->at < f->end && *f->at >= '0' && *f->at <= '9') {
        if (count > (SSIZE_MAX - 9) / 10) {
            too_long();
        }
        count = count * 10 + (*f->at++ - '0');
    }
    return *is_given ? count : 1;
}

// Returns the next item; false at the end.
bool format_next(format_t *f, item_t *item) {
    bool is_given;
    item->count = read_count(f, &is_given);
    if (f->at >= f->end) {
        if (is_given) {
            struct_error(MP_ERROR_TEXT("repeat count given without format specifier"));
        }
        return false;
    }
    item->code = *f->at++;
    item->size = size_of(item->code, f->is_native);
    item->is_big = f->is_big;
    if (item->size == 0) {
        struct_error(MP_ERROR_TEXT("bad char in struct format"));
    }
    if (f->is_native) {
        f->offset = (f->offset + item->size - 1) / item->size * item->size;
    }
    if (item->count > (SSIZE_MAX - f->offset) / item->size) {
        too_long();
    }
    item->offset = f->offset;
    f->offset += item->count * item->size;
    if (item->code == 's' || item->code == 'p') {
        item->size = item->count;
        item->count = 1;
    } else if (item->code == 'x') {
        item->count = 0;
    }
    return true;
}

// Returns the size of the format in bytes, and the number of its values.
size_t format_size(mp_obj_t format_in, size_t *values) {
    format_t format = format_begin(format_in);
    item_t item;
    *values = 0;
    while (format_next(&format, &item)) {
        *values += item.count;
    }
    return format.offset;
}
