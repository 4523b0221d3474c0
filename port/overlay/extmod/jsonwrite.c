// jsonwrite.c - values to a JSON document, as CPython's json.dumps() writes it.

#include <math.h>
#include <string.h>

#include "json.h"
#include "py/cstack.h"
#include "py/formatspec.h"
#include "py/objint.h"
#include "py/objlist.h"
#include "py/objstr.h"
#include "py/objtuple.h"
#include "py/objtype.h"
#include "py/runtime.h"
#include "py/unicode.h"

#if MICROPY_PY_JSON

struct json_container {
    mp_obj_t value;
    const struct json_container *outer;
    size_t depth;
};

static void add_text(struct json_writer *writer, const char *text) {
    vstr_add_str(writer->out, text);
}

static void add_unicode(vstr_t *out, unichar c) {
    mp_print_t print = {out, (mp_print_strn_t)vstr_add_strn};
    if (c >= 0x10000) {
        mp_printf(&print, "\\u%04x", (unsigned)(0xd7c0 + (c >> 10)));
        c = 0xdc00 | (c & 0x3ff);
    }
    mp_printf(&print, "\\u%04x", (unsigned)c);
}

static void write_string(struct json_writer *writer, const char *text, size_t size) {
    static const char names[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";
    vstr_t *out = writer->out;
    const byte *top = (const byte *)text + size;
    vstr_add_byte(out, '"');
    for (const byte *s = (const byte *)text, *next; s < top; s = next) {
        next = utf8_next_char(s);
        const char *name = *s == '\0' ? NULL : strchr(names, *s);
        if (name != NULL) {
            vstr_add_byte(out, '\\');
            vstr_add_byte(out, (byte)escapes[name - names]);
        } else if (*s < 0x20 || (writer->ascii && *s >= 0x7f)) {
            add_unicode(out, utf8_get_char(s));
        } else {
            vstr_add_strn(out, (const char *)s, (size_t)(next - s));
        }
    }
    vstr_add_byte(out, '"');
}

static void write_int(struct json_writer *writer, mp_obj_t value) {
    static const struct mp_format_spec decimal = {.fill = ' ', .width = -1, .precision = -1, .type = 'd'};
    mp_format_int(writer->out, &decimal, value);
}

static void write_float(struct json_writer *writer, mp_float_t value) {
    if (isfinite(value)) {
        mp_format_double(writer->out, value, 'r', -1, false);
    } else if (!writer->allow_nan) {
        mp_raise_ValueError(MP_ERROR_TEXT("Out of range float values are not JSON compliant"));
    } else {
        add_text(writer, isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
    }
}

// What has the same form as a value and as a key. False: none of these.
static bool write_plain(struct json_writer *writer, mp_obj_t value) {
    if (value == mp_const_none) {
        add_text(writer, "null");
    } else if (mp_obj_is_bool(value)) {
        add_text(writer, mp_obj_is_true(value) ? "true" : "false");
    } else if (mp_obj_is_int(value)) {
        write_int(writer, value);
    } else if (mp_obj_is_float(value)) {
        write_float(writer, mp_obj_float_get(value));
    } else {
        mp_obj_t whole = mp_obj_as_native(value, &mp_type_int), real = mp_obj_as_native(value, &mp_type_float);
        if (whole != MP_OBJ_NULL) {
            write_int(writer, whole);
        } else if (real != MP_OBJ_NULL) {
            write_float(writer, mp_obj_float_get(real));
        } else {
            return false;
        }
    }
    return true;
}

static bool write_text(struct json_writer *writer, mp_obj_t value) {
    mp_obj_t native = mp_obj_as_native(value, &mp_type_str);
    if (native == MP_OBJ_NULL) {
        return false;
    }
    size_t size;
    const char *text = mp_obj_str_get_data(native, &size);
    write_string(writer, text, size);
    return true;
}

static void new_line(struct json_writer *writer, size_t depth) {
    if (writer->indent != NULL) {
        vstr_add_byte(writer->out, '\n');
        for (; depth > 0; depth--) {
            vstr_add_strn(writer->out, writer->indent, writer->indent_size);
        }
    }
}

static void next_item(struct json_writer *writer, bool first) {
    if (!first) {
        vstr_add_strn(writer->out, writer->item_separator, writer->item_size);
    }
    new_line(writer, writer->open->depth);
}

// `default` may change a list meanwhile.
static size_t list_or_tuple_get(mp_obj_t list, mp_obj_t tuple, mp_obj_t **items) {
    size_t count;
    if (list != MP_OBJ_NULL) {
        mp_obj_list_get(list, &count, items);
    } else {
        mp_obj_tuple_get(tuple, &count, items);
    }
    return count;
}

static void write_list(struct json_writer *writer, mp_obj_t list, mp_obj_t tuple) {
    size_t i = 0;
    mp_obj_t *items;
    vstr_add_byte(writer->out, '[');
    for (; i < list_or_tuple_get(list, tuple, &items); i++) {
        next_item(writer, i == 0);
        json_write(writer, items[i]);
    }
    if (i > 0) {
        new_line(writer, writer->open->depth - 1);
    }
    vstr_add_byte(writer->out, ']');
}

// False: this is no key of JSON's, and is left out.
static bool write_key(struct json_writer *writer, mp_obj_t key, bool first) {
    size_t before = writer->out->len;
    next_item(writer, first);
    if (!write_text(writer, key)) {
        vstr_add_byte(writer->out, '"');
        if (!write_plain(writer, key)) {
            if (!writer->skip_keys) {
                mp_raise_msg_varg(&mp_type_TypeError,
                    MP_ERROR_TEXT("keys must be str, int, float, bool or None, not %s"), mp_obj_get_type_str(key));
            }
            vstr_cut_tail_bytes(writer->out, writer->out->len - before);
            return false;
        }
        vstr_add_byte(writer->out, '"');
    }
    vstr_add_strn(writer->out, writer->key_separator, writer->key_size);
    return true;
}

// The items as a list of tuples: `default` may change the dictionary meanwhile.
static mp_obj_t items_of(const struct json_writer *writer, mp_obj_t dict) {
    mp_obj_t method[2];
    mp_load_method(dict, MP_QSTR_items, method);
    mp_obj_t items = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_list), mp_call_method_n_kw(0, 0, method));
    if (writer->sort_keys) {
        mp_map_t none;
        mp_map_init(&none, 0);
        mp_obj_list_sort(1, &items, &none);
    }
    return items;
}

static void write_dict(struct json_writer *writer, mp_obj_t dict) {
    size_t count;
    mp_obj_t *items;
    mp_obj_list_get(items_of(writer, dict), &count, &items);
    vstr_add_byte(writer->out, '{');
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        mp_obj_t *pair;
        mp_obj_get_array_fixed_n(items[i], 2, &pair);
        if (write_key(writer, pair[0], first)) {
            json_write(writer, pair[1]);
            first = false;
        }
    }
    if (!first) {
        new_line(writer, writer->open->depth - 1);
    }
    vstr_add_byte(writer->out, '}');
}

static void refuse_circle(const struct json_writer *writer, mp_obj_t value) {
    for (const struct json_container *open = writer->open; open != NULL; open = open->outer) {
        if (open->value == value) {
            mp_raise_ValueError(MP_ERROR_TEXT("Circular reference detected"));
        }
    }
}

static void write_other(struct json_writer *writer, mp_obj_t value) {
    if (writer->fallback == MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("Object of type %s is not JSON serializable"),
            mp_obj_get_type_str(value));
    }
    json_write(writer, mp_call_function_1(writer->fallback, value));
}

void json_write(struct json_writer *writer, mp_obj_t value) {
    if (write_text(writer, value) || write_plain(writer, value)) {
        return;
    }
    mp_cstack_check();
    refuse_circle(writer, value);
    const struct json_container *outer = writer->open;
    struct json_container container = {value, outer, outer == NULL ? 1 : outer->depth + 1};
    writer->open = &container;
    mp_obj_t list = mp_obj_as_native(value, &mp_type_list), tuple = mp_obj_as_native(value, &mp_type_tuple);
    if (mp_obj_as_native(value, &mp_type_dict) != MP_OBJ_NULL) {
        write_dict(writer, value);
    } else if (list != MP_OBJ_NULL || tuple != MP_OBJ_NULL) {
        write_list(writer, list, tuple);
    } else {
        container.depth--; // what stands in for it is written at the same depth
        write_other(writer, value);
    }
    writer->open = outer;
}

#endif // MICROPY_PY_JSON
