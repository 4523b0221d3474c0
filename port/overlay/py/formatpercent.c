// formatpercent.c - the % operator of str and bytes ("printf-style String Formatting" of the library reference).

#include <limits.h>
#include <string.h>

#include "py/binary.h"
#include "py/formatspec.h"
#include "py/objint.h"
#include "py/objstr.h"
#include "py/objtuple.h"
#include "py/runtime.h"
#include "py/unicode.h"

struct percent {
    const char *start, *s, *top;
    size_t n_args, used;
    const mp_obj_t *args;
    mp_obj_t mapping; // MP_OBJ_NULL: the right side is none
    bool bytes;
};

static mp_obj_t next_value(struct percent *format) {
    if (format->used >= format->n_args) {
        mp_raise_TypeError(MP_ERROR_TEXT("not enough arguments for format string"));
    }
    return format->args[format->used++];
}

static NORETURN void incomplete(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("incomplete format"));
}

// "(name)": the value comes from the mapping.
static mp_obj_t read_name(struct percent *format) {
    if (format->mapping == MP_OBJ_NULL) {
        mp_raise_TypeError(MP_ERROR_TEXT("format requires a mapping"));
    }
    const char *name = ++format->s;
    for (unsigned nest = 1; nest > 0; format->s++) {
        if (format->s >= format->top) {
            mp_raise_ValueError(MP_ERROR_TEXT("incomplete format key"));
        }
        nest += *format->s == '(';
        nest -= *format->s == ')';
    }
    size_t size = (size_t)(format->s - 1 - name);
    mp_obj_t key = format->bytes ? mp_obj_new_bytes((const byte *)name, size) : mp_obj_new_str(name, size);
    format->used = format->n_args; // the mapping itself is no value any more
    return mp_obj_subscr(format->mapping, key, MP_OBJ_SENTINEL);
}

static void read_flags(struct percent *format, struct mp_format_spec *spec) {
    bool left = false, zero = false;
    for (; format->s < format->top; format->s++) {
        switch (*format->s) {
        case '-': left = true; continue;
        case '+': spec->sign = '+'; continue;
        case ' ': spec->sign = spec->sign ? spec->sign : ' '; continue;
        case '#': spec->alternate = true; continue;
        case '0': zero = true; continue;
        default: break;
        }
        break;
    }
    spec->align = left ? '<' : zero ? '=' : '>';
    spec->fill = zero && !left ? '0' : ' ';
}

static int read_number(struct percent *format) {
    if (format->s < format->top && *format->s == '*') {
        mp_obj_t value = mp_obj_native_part(next_value(format));
        if (!mp_obj_is_small_int(value)) {
            mp_raise_TypeError(MP_ERROR_TEXT("* wants int"));
        }
        format->s++;
        mp_int_t number = MP_OBJ_SMALL_INT_VALUE(value);
        if (number > INT_MAX || number < -INT_MAX) {
            mp_raise_ValueError(MP_ERROR_TEXT("width too big"));
        }
        return (int)number;
    }
    int number = 0;
    for (; format->s < format->top && *format->s >= '0' && *format->s <= '9'; format->s++) {
        if (number > (INT_MAX - 9) / 10) {
            mp_raise_ValueError(MP_ERROR_TEXT("width too big"));
        }
        number = number * 10 + (*format->s - '0');
    }
    return number;
}

static void read_sizes(struct percent *format, struct mp_format_spec *spec) {
    spec->width = read_number(format);
    if (spec->width < 0) {
        spec->width = -spec->width;
        spec->align = '<';
        spec->fill = ' ';
    }
    spec->precision = -1;
    if (format->s < format->top && *format->s == '.') {
        format->s++;
        int precision = read_number(format);
        spec->precision = MAX(precision, 0);
    }
    while (format->s < format->top && strchr("hlL", *format->s) != NULL) {
        format->s++;
    }
}

static mp_obj_t as_int(mp_obj_t value, char type) {
    bool decimal = type == 'd';
    if (mp_obj_is_bool(value)) {
        return MP_OBJ_NEW_SMALL_INT(mp_obj_is_true(value));
    }
    mp_obj_t native = mp_obj_as_native(value, &mp_type_int);
    if (native != MP_OBJ_NULL) {
        return native;
    }
    if (decimal && mp_obj_is_float(value)) {
        return mp_obj_new_int_from_float(mp_obj_float_get(value));
    }
    native = mp_obj_is_float(value) ? MP_OBJ_NULL : mp_unary_op(MP_UNARY_OP_INT_MAYBE, value);
    if (native == MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_TypeError,
            decimal ? MP_ERROR_TEXT("%%%c format: a real number is required, not %s")
                    : MP_ERROR_TEXT("%%%c format: an integer is required, not %s"),
            type, mp_obj_get_type_str(value));
    }
    return native;
}

static void add_int(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    spec->digits = MAX(spec->precision, 0);
    spec->precision = -1;
    mp_format_int(out, spec, as_int(value, spec->type));
}

static void add_char(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    VSTR_FIXED(text, 8);
    mp_int_t code;
    size_t size = 0;
    const char *chars = NULL;
    value = mp_obj_native_part(value);
    if (mp_obj_is_str(value) || (spec->bytes && mp_obj_is_type(value, &mp_type_bytes))) {
        chars = mp_obj_str_get_data(value, &size);
    }
    if (chars != NULL && (spec->bytes ? size : utf8_charlen((const byte *)chars, size)) == 1) {
        vstr_add_strn(&text, chars, size);
    } else if (chars == NULL && (mp_obj_is_int(value) || mp_obj_is_bool(value))) {
        bool fits = mp_obj_get_int_maybe(value, &code) && code >= 0 && code <= (spec->bytes ? 0xff : 0x10ffff);
        if (!fits) {
            mp_raise_msg(&mp_type_OverflowError,
                spec->bytes ? MP_ERROR_TEXT("%c arg not in range(256)")
                            : MP_ERROR_TEXT("%c arg not in range(0x110000)"));
        }
        if (spec->bytes) {
            vstr_add_byte(&text, (byte)code);
        } else {
            vstr_add_char(&text, (unichar)code);
        }
    } else {
        mp_raise_TypeError(spec->bytes ? MP_ERROR_TEXT("%c requires an integer in range(256) or a single byte")
                                       : MP_ERROR_TEXT("%c requires int or char"));
    }
    spec->precision = -1;
    mp_format_text(out, spec, text.buf, text.len);
}

static void add_text(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value, char type) {
    mp_buffer_info_t info;
    if (spec->bytes && (type == 's' || type == 'b')) {
        if (mp_obj_is_str(mp_obj_native_part(value)) || !mp_get_buffer(value, &info, MP_BUFFER_READ)) {
            mp_raise_msg_varg(&mp_type_TypeError,
                MP_ERROR_TEXT("%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'"),
                mp_obj_get_type_str(value));
        }
        mp_format_text(out, spec, info.buf, info.len);
        return;
    }
    vstr_t text;
    mp_print_t print;
    vstr_init_print(&text, 16, &print);
    if (type == 'a' || (spec->bytes && type == 'r')) {
        value = mp_obj_ascii(value);
        type = 's';
    }
    mp_obj_print_helper(&print, value, type == 's' ? PRINT_STR : PRINT_REPR);
    mp_format_text(out, spec, text.buf, text.len);
    vstr_clear(&text);
}

static void add_value(vstr_t *out, struct percent *format, struct mp_format_spec *spec, mp_obj_t value, char type) {
    switch (type) {
    case 'i':
    case 'u': type = 'd'; MP_FALLTHROUGH
    case 'd':
    case 'o':
    case 'x':
    case 'X':
        spec->type = type;
        add_int(out, spec, value);
        return;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        spec->type = type;
        mp_format_real(out, spec, mp_obj_get_float(value));
        return;
    case 'c':
        spec->fill = ' ';
        add_char(out, spec, value);
        return;
    case 'b':
        if (!spec->bytes) {
            break;
        }
        MP_FALLTHROUGH
    case 'a':
    case 'r':
    case 's':
        spec->fill = ' ';
        spec->align = spec->align == '=' ? '>' : spec->align;
        add_text(out, spec, value, type);
        return;
    default: break;
    }
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("unsupported format character '%c' (0x%x) at index %d"), type,
        (unsigned)(byte)type, (int)(format->s - format->start));
}

// One conversion, from behind its percent sign on.
static void convert(vstr_t *out, struct percent *format) {
    struct mp_format_spec spec = {.bytes = format->bytes};
    mp_obj_t value = MP_OBJ_NULL;
    if (format->s < format->top && *format->s == '(') {
        value = read_name(format);
    }
    read_flags(format, &spec);
    read_sizes(format, &spec);
    if (format->s >= format->top) {
        incomplete();
    }
    if (value == MP_OBJ_NULL) {
        value = next_value(format);
    }
    add_value(out, format, &spec, value, *format->s);
    format->s++;
}

mp_obj_t mp_obj_str_percent(mp_obj_t pattern, size_t n_args, const mp_obj_t *args, mp_obj_t mapping) {
    size_t size;
    const char *text = mp_obj_str_get_data(pattern, &size);
    struct percent format = {text, text, text + size, n_args, 0, args, mapping, !mp_obj_is_str(pattern)};
    vstr_t out;
    vstr_init(&out, size + 16);
    while (format.s < format.top) {
        const char *literal = format.s;
        const char *percent = memchr(literal, '%', (size_t)(format.top - literal));
        format.s = percent == NULL ? format.top : percent;
        vstr_add_strn(&out, literal, (size_t)(format.s - literal));
        if (percent == NULL) {
            break;
        }
        format.s++;
        if (format.s < format.top && *format.s == '%') {
            vstr_add_byte(&out, '%');
            format.s++;
        } else {
            convert(&out, &format);
        }
    }
    if (mapping == MP_OBJ_NULL && format.used != n_args) {
        mp_raise_TypeError(MP_ERROR_TEXT("not all arguments converted during string formatting"));
    }
    return format.bytes ? mp_obj_new_bytes_from_vstr(&out) : mp_obj_new_str_from_vstr(&out);
}
