// formatspec.c - a value as a format specification wants it: text, integers, floats, and objects with __format__.

#include <limits.h>
#include <string.h>

#include "py/builtin.h"
#include "py/formatspec.h"
#include "py/objint.h"
#include "py/objslot.h"
#include "py/objstr.h"
#include "py/objtype.h"
#include "py/runtime.h"
#include "py/unicode.h"

#define GROUP_DECIMAL (3)
#define GROUP_BINARY (4)

static size_t length_of(const struct mp_format_spec *spec, const char *text, size_t size) {
    return spec->bytes ? size : utf8_charlen((const byte *)text, size);
}

static void add_fill(vstr_t *out, const struct mp_format_spec *spec, size_t count) {
    vstr_hint_size(out, count); // MemoryError at once, if there is no room
    for (; count > 0; count--) {
        if (spec->bytes) {
            vstr_add_byte(out, (byte)spec->fill);
        } else {
            vstr_add_char(out, spec->fill);
        }
    }
}

// `text`, which is `length` characters long, within the width; `align` is what the type does by itself.
static void add_aligned(
    vstr_t *out, const struct mp_format_spec *spec, char align, const char *text, size_t size, size_t length) {
    size_t width = spec->width < 0 ? 0 : (size_t)spec->width;
    size_t room = width > length ? width - length : 0;
    align = spec->align ? spec->align : align;
    size_t before = align == '<' ? 0 : align == '^' ? room / 2 : room;
    add_fill(out, spec, before);
    vstr_add_strn(out, text, size);
    add_fill(out, spec, room - before);
}

void mp_format_text(vstr_t *out, const struct mp_format_spec *spec, const char *text, size_t size) {
    size_t length = length_of(spec, text, size);
    if (spec->precision >= 0 && length > (size_t)spec->precision) {
        length = (size_t)spec->precision;
        size = length;
        if (!spec->bytes) {
            const byte *end = (const byte *)text;
            for (size_t i = 0; i < length; i++) {
                end = utf8_next_char(end);
            }
            size = (size_t)(end - (const byte *)text);
        }
    }
    add_aligned(out, spec, '<', text, size, length);
}

// `count` digits with a separator before every `group` of them, and zeros in front up to `width` characters in all.
static void add_grouped(vstr_t *out, const char *digits, size_t count, char separator, size_t group, size_t width) {
    vstr_hint_size(out, MAX(count, width));
    size_t total = count;
    // A separator never comes first: the width that ends in one takes another zero.
    while (total + (separator ? (total - 1) / group : 0) < width) {
        total++;
    }
    for (size_t left = total; left > 0; left--) {
        if (separator && left < total && left % group == 0) {
            vstr_add_byte(out, separator);
        }
        vstr_add_byte(out, left > count ? '0' : digits[count - left]);
    }
}

// A number: its sign and prefix, its whole digits, and what follows them.
struct number {
    char sign; // 0: none
    const char *prefix;
    const char *digits;
    size_t count;
    const char *rest;
    size_t rest_size;
    size_t group;
};

static void add_number(vstr_t *out, const struct mp_format_spec *spec, const struct number *number) {
    vstr_t text;
    vstr_init(&text, 32);
    if (number->sign) {
        vstr_add_byte(&text, number->sign);
    } else if (spec->sign == '+' || spec->sign == ' ') {
        vstr_add_byte(&text, spec->sign);
    }
    vstr_add_str(&text, number->prefix);
    size_t head = text.len, width = spec->width < 0 ? 0 : (size_t)spec->width;
    size_t taken = head + number->rest_size;
    bool zeros = spec->align == '=' && spec->fill == '0';
    size_t least = zeros && width > taken ? width - taken : 0;
    if (spec->digits > 0 && (size_t)spec->digits > least) {
        least = (size_t)spec->digits;
    }
    add_grouped(&text, number->digits, number->count, spec->group, number->group, least);
    vstr_add_strn(&text, number->rest, number->rest_size);
    if (spec->align == '=' && text.len < width) {
        vstr_add_strn(out, text.buf, head);
        add_fill(out, spec, width - text.len);
        vstr_add_strn(out, text.buf + head, text.len - head);
    } else {
        add_aligned(out, spec, '>', text.buf, text.len, text.len);
    }
    vstr_clear(&text);
}

void mp_format_int(vstr_t *out, const struct mp_format_spec *spec, mp_obj_t value) {
    static const struct {
        char type;
        unsigned char base;
        char prefix[3];
    } bases[] = {{'b', 2, "0b"}, {'o', 8, "0o"}, {'x', 16, "0x"}, {'X', 16, "0X"}};
    unsigned base = 10;
    const char *prefix = "";
    for (size_t i = 0; i < MP_ARRAY_SIZE(bases); i++) {
        if (bases[i].type == spec->type) {
            base = bases[i].base;
            prefix = bases[i].prefix;
        }
    }
    char small[72], *buf = small;
    size_t room = sizeof(small), size;
    char *digits =
        mp_obj_int_formatted(&buf, &room, &size, value, (int)base, NULL, spec->type == 'X' ? 'A' : 'a', '\0');
    bool negative = digits[0] == '-';
    struct number number = {
        .sign = negative ? '-' : 0,
        .prefix = spec->alternate ? prefix : "",
        .digits = digits + negative,
        .count = size - negative,
        .rest = "",
        .group = base == 10 ? GROUP_DECIMAL : GROUP_BINARY,
    };
    add_number(out, spec, &number);
    if (buf != small) {
        m_del(char, buf, room);
    }
}

static bool is_zero(const vstr_t *text) {
    for (size_t i = 0; i < text->len; i++) {
        char c = text->buf[i];
        if (c == 'e' || c == 'E') {
            break;
        }
        if (c >= '1' && c <= '9') {
            return false;
        }
    }
    return true;
}

void mp_format_real(vstr_t *out, const struct mp_format_spec *spec, mp_float_t value) {
    char type = spec->type == 'n' ? 'g' : spec->type == '%' ? 'f' : spec->type;
    if (type == 0) {
        type = spec->precision < 0 ? 'r' : 'p';
    }
    vstr_t text;
    bool has_all = spec->precision > 0 && (spec->alternate || (type | 0x20) == 'f' || (type | 0x20) == 'e');
    vstr_init(&text, 32 + (has_all ? (size_t)spec->precision : 0));
    mp_format_double(&text, spec->type == '%' ? value * 100 : value, type, spec->precision, spec->alternate);
    if (spec->type == '%') {
        vstr_add_byte(&text, '%');
    }
    bool negative = text.buf[0] == '-';
    const char *digits = text.buf + negative;
    size_t count = 0, size = text.len - negative;
    while (count < size && digits[count] >= '0' && digits[count] <= '9') {
        count++;
    }
    struct number number = {
        .sign = negative && !(spec->no_negative_zero && count > 0 && is_zero(&text)) ? '-' : 0,
        .prefix = "",
        .digits = digits,
        .count = count > 0 ? count : size, // inf and nan
        .rest = digits + count,
        .rest_size = count > 0 ? size - count : 0,
        .group = GROUP_DECIMAL,
    };
    struct mp_format_spec plain = *spec;
    plain.group = count > 0 ? spec->group : 0;
    add_number(out, &plain, &number);
    vstr_clear(&text);
}

// Reading a specification ---------------------------------------------------------------------------------------------

static bool is_align(const char *s, const char *top) {
    return s < top && (*s == '<' || *s == '>' || *s == '^' || *s == '=');
}

static const char *read_number(const char *s, const char *top, int *number) {
    for (; s < top && *s >= '0' && *s <= '9'; s++) {
        if (*number > (INT_MAX - 9) / 10) {
            mp_raise_ValueError(MP_ERROR_TEXT("Too many decimal digits in format string"));
        }
        *number = MAX(*number, 0) * 10 + (*s - '0');
    }
    return s;
}

static const char *read_align(struct mp_format_spec *spec, const char *s, const char *top) {
    const char *next = s < top ? (const char *)utf8_next_char((const byte *)s) : top;
    if (is_align(next, top)) {
        spec->fill = utf8_get_char((const byte *)s);
        spec->align = *next;
        return next + 1;
    }
    if (is_align(s, top)) {
        spec->align = *s++;
    }
    return s;
}

static const char *read_group(struct mp_format_spec *spec, const char *s, const char *top) {
    while (s < top && (*s == ',' || *s == '_')) {
        if (spec->group && spec->group != *s) {
            mp_raise_ValueError(MP_ERROR_TEXT("Cannot specify both ',' and '_'."));
        }
        if (spec->group) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Cannot specify '%c' with '%c'."), *s, *s);
        }
        spec->group = *s++;
    }
    return s;
}

static const char *read_flag(bool *flag, char sign, const char *s, const char *top) {
    *flag = s < top && *s == sign;
    return s + *flag;
}

static void read_spec(struct mp_format_spec *spec, mp_obj_t value, const char *text, size_t size) {
    const char *s = text, *top = text + size;
    bool fill_given = false;
    const char *start = s;
    s = read_align(spec, s, top);
    fill_given = s - start > 1;
    if (s < top && (*s == '+' || *s == '-' || *s == ' ')) {
        spec->sign = *s++;
    }
    s = read_flag(&spec->no_negative_zero, 'z', s, top);
    s = read_flag(&spec->alternate, '#', s, top);
    if (!fill_given && s < top && *s == '0') {
        spec->fill = '0';
        spec->align = spec->align ? spec->align : '=';
    }
    s = read_number(s, top, &spec->width);
    s = read_group(spec, s, top);
    if (s < top && *s == '.') {
        const char *digits = ++s;
        s = read_number(s, top, &spec->precision);
        if (s == digits) {
            mp_raise_ValueError(MP_ERROR_TEXT("Format specifier missing precision"));
        }
    }
    if (top - s > 1) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Invalid format specifier '%.*s' for object of type '%s'"),
            (int)size, text, mp_obj_get_type_str(value));
    }
    spec->type = s < top ? *s : 0;
}

// Applying it ---------------------------------------------------------------------------------------------------------

static NORETURN void unknown_type(char type, mp_obj_t value) {
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Unknown format code '%c' for object of type '%s'"), type,
        mp_obj_get_type_str(value));
}

static void refuse(bool wrong, mp_rom_error_text_t message) {
    if (wrong) {
        mp_raise_ValueError(message);
    }
}

static void refuse_group(const struct mp_format_spec *spec, const char *types) {
    char type = spec->type ? spec->type : 's';
    if (spec->group && strchr(types, type) == NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Cannot specify '%c' with '%c'."), spec->group, type);
    }
}

static void format_str(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    if (spec->type != 0 && spec->type != 's') {
        unknown_type(spec->type, value);
    }
    refuse(spec->sign, MP_ERROR_TEXT("Sign not allowed in string format specifier"));
    refuse(spec->no_negative_zero, MP_ERROR_TEXT("Negative zero coercion (z) not allowed in string format specifier"));
    refuse(spec->alternate, MP_ERROR_TEXT("Alternate form (#) not allowed in string format specifier"));
    refuse(
        spec->align == '=' && spec->fill != '0', MP_ERROR_TEXT("'=' alignment not allowed in string format specifier"));
    refuse_group(spec, "");
    if (spec->align == '=') {
        spec->align = '<';
    }
    size_t size;
    const char *text = mp_obj_str_get_data(value, &size);
    mp_format_text(out, spec, text, size);
}

static void format_char(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    refuse(spec->sign, MP_ERROR_TEXT("Sign not allowed with integer format specifier 'c'"));
    refuse(spec->alternate, MP_ERROR_TEXT("Alternate form (#) not allowed with integer format specifier 'c'"));
    refuse_group(spec, "");
    mp_int_t code;
    if (!mp_obj_get_int_maybe(value, &code) || code < 0 || code > 0x10ffff) {
        mp_raise_msg(&mp_type_OverflowError, MP_ERROR_TEXT("%c arg not in range(0x110000)"));
    }
    VSTR_FIXED(text, 8);
    vstr_add_char(&text, (unichar)code);
    spec->align = spec->align ? spec->align : '>';
    mp_format_text(out, spec, text.buf, text.len);
}

static void format_int(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    refuse(spec->no_negative_zero, MP_ERROR_TEXT("Negative zero coercion (z) not allowed in integer format specifier"));
    refuse(spec->precision >= 0, MP_ERROR_TEXT("Precision not allowed in integer format specifier"));
    if (spec->type == 'c') {
        format_char(out, spec, value);
        return;
    }
    spec->type = spec->type ? spec->type : 'd';
    refuse_group(spec, spec->group == '_' ? "dboxX" : "d");
    mp_format_int(out, spec, value);
}

static bool is_one_of(char type, const char *types) {
    return type == 0 || strchr(types, type) != NULL;
}

static void format_number(vstr_t *out, struct mp_format_spec *spec, mp_obj_t value) {
    bool whole = !mp_obj_is_float(value);
    if (whole && is_one_of(spec->type, "bcdnoxX")) {
        format_int(out, spec, mp_obj_is_bool(value) ? MP_OBJ_NEW_SMALL_INT(mp_obj_is_true(value)) : value);
        return;
    }
    if (!is_one_of(spec->type, "eEfFgGn%")) {
        unknown_type(spec->type, value);
    }
    if (spec->type) {
        refuse_group(spec, "eEfFgG%");
    }
    mp_format_real(out, spec, mp_obj_get_float(value));
}

// What the value's class says, if it says anything.
static bool format_by_method(vstr_t *out, mp_obj_t value, const char *text, size_t size) {
    mp_obj_t method[3];
    if (!mp_obj_is_instance_type(mp_obj_get_type(value))) {
        return false;
    }
    mp_load_method_maybe(value, MP_QSTR___format__, method);
    if (method[0] == MP_OBJ_NULL || mp_obj_is_type(method[0], &mp_type_slot_wrapper)) {
        return false;
    }
    method[2] = mp_obj_new_str(text, size);
    mp_obj_t formatted = mp_call_method_n_kw(1, 0, method);
    if (!mp_obj_is_str(mp_obj_native_part(formatted))) {
        mp_raise_msg_varg(
            &mp_type_TypeError, MP_ERROR_TEXT("__format__ must return a str, not %s"), mp_obj_get_type_str(formatted));
    }
    size_t length;
    const char *result = mp_obj_str_get_data(formatted, &length);
    vstr_add_strn(out, result, length);
    return true;
}

mp_obj_t mp_obj_as_native(mp_obj_t value, const mp_obj_type_t *type) {
    const mp_obj_type_t *own = mp_obj_get_type(value);
    if (own == type) {
        return value;
    }
    if (!mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(own), MP_OBJ_FROM_PTR(type))) {
        return MP_OBJ_NULL;
    }
    // A built-in type derived from another is laid out as that one.
    return mp_obj_is_instance_type(own) ? mp_obj_cast_to_native_base(value, MP_OBJ_FROM_PTR(type)) : value;
}

static mp_obj_t native_part(mp_obj_t value) {
    static const mp_obj_type_t *const types[] = {&mp_type_str, &mp_type_int, &mp_type_float};
    for (size_t i = 0; i < MP_ARRAY_SIZE(types); i++) {
        mp_obj_t native = mp_obj_as_native(value, types[i]);
        if (native != MP_OBJ_NULL) {
            return native;
        }
    }
    return value;
}

static void print_str(vstr_t *out, mp_obj_t value) {
    mp_print_t print = {out, (mp_print_strn_t)vstr_add_strn};
    mp_obj_print_helper(&print, value, PRINT_STR);
}

void mp_format_object(vstr_t *out, mp_obj_t value, const char *text, size_t size) {
    if (format_by_method(out, value, text, size)) {
        return;
    }
    if (size == 0) {
        print_str(out, value);
        return;
    }
    mp_obj_t native = native_part(value);
    bool is_str = mp_obj_is_str(native);
    bool is_number = mp_obj_is_int(native) || mp_obj_is_bool(native) || mp_obj_is_float(native);
    if (!is_str && !is_number) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("unsupported format string passed to %s.__format__"),
            mp_obj_get_type_str(value));
    }
    struct mp_format_spec spec = {.fill = ' ', .width = -1, .precision = -1};
    read_spec(&spec, native, text, size);
    if (is_str) {
        format_str(out, &spec, native);
    } else {
        format_number(out, &spec, native);
    }
}

static mp_obj_t builtin_format(size_t n_args, const mp_obj_t *args) {
    size_t size = 0;
    const char *text = n_args > 1 ? mp_obj_str_get_data(args[1], &size) : "";
    vstr_t out;
    vstr_init(&out, 16);
    mp_format_object(&out, args[0], text, size);
    return mp_obj_new_str_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(mp_builtin_format_obj, 1, 2, builtin_format);

mp_obj_t mp_obj_ascii(mp_obj_t value) {
    vstr_t repr, out;
    mp_print_t print;
    vstr_init_print(&repr, 16, &print);
    mp_obj_print_helper(&print, value, PRINT_REPR);
    vstr_init(&out, repr.len);
    mp_print_t escaped = {&out, (mp_print_strn_t)vstr_add_strn};
    const byte *top = (const byte *)repr.buf + repr.len;
    for (const byte *s = (const byte *)repr.buf; s < top; s = utf8_next_char(s)) {
        unichar c = utf8_get_char(s);
        if (c < 0x80) {
            vstr_add_byte(&out, (byte)c);
        } else if (c < 0x100) {
            mp_printf(&escaped, "\\x%02x", (unsigned)c);
        } else if (c < 0x10000) {
            mp_printf(&escaped, "\\u%04x", (unsigned)c);
        } else {
            mp_printf(&escaped, "\\U%08x", (unsigned)c);
        }
    }
    vstr_clear(&repr);
    return mp_obj_new_str_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_1(mp_builtin_ascii_obj, mp_obj_ascii);
