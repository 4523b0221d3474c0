// formatstr.c - str.format() and format_map(): replacement fields, by number, by name, with attributes and indices.

#include <limits.h>
#include <string.h>

#include "py/formatspec.h"
#include "py/objstr.h"
#include "py/runtime.h"

#define DEPTH (2) // a field, and fields within its specification

// Where the values of fields come from. `next` counts fields without a name; it is -1 once a field had a number.
struct source {
    size_t count;
    const mp_obj_t *values;
    mp_map_t *names;
    mp_obj_t mapping; // MP_OBJ_NULL: format()
    int next;
};

static bool read_index(const char *s, const char *top, mp_int_t *index) {
    *index = 0;
    for (; s < top; s++) {
        if (*s < '0' || *s > '9') {
            return false;
        }
        if (*index > (INT_MAX - 9) / 10) {
            mp_raise_ValueError(MP_ERROR_TEXT("Too many decimal digits in format string"));
        }
        *index = *index * 10 + (*s - '0');
    }
    return true;
}

static mp_obj_t value_at(struct source *source, mp_int_t index) {
    if (index >= (mp_int_t)source->count) {
        mp_raise_msg_varg(&mp_type_IndexError,
            MP_ERROR_TEXT("Replacement index %d out of range for positional args tuple"), (int)index);
    }
    return source->values[index];
}

static mp_obj_t value_named(struct source *source, const char *name, size_t size) {
    mp_obj_t key = mp_obj_new_str(name, size);
    if (source->mapping != MP_OBJ_NULL) {
        return mp_obj_subscr(source->mapping, key, MP_OBJ_SENTINEL);
    }
    mp_map_elem_t *element = source->names == NULL ? NULL : mp_map_lookup(source->names, key, MP_MAP_LOOKUP);
    if (element == NULL) {
        mp_raise_type_arg(&mp_type_KeyError, key);
    }
    return element->value;
}

static mp_obj_t first_value(struct source *source, const char *name, size_t size) {
    mp_int_t index;
    bool automatic = size == 0;
    if (!automatic && !read_index(name, name + size, &index)) {
        return value_named(source, name, size);
    }
    if (source->mapping != MP_OBJ_NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("Format string contains positional fields"));
    }
    if (automatic && source->next < 0) {
        mp_raise_ValueError(
            MP_ERROR_TEXT("cannot switch from manual field specification to automatic field numbering"));
    }
    if (!automatic && source->next > 0) {
        mp_raise_ValueError(
            MP_ERROR_TEXT("cannot switch from automatic field numbering to manual field specification"));
    }
    if (automatic) {
        return value_at(source, source->next++);
    }
    source->next = -1;
    return value_at(source, index);
}

// The value a field's name stands for: "", "0", "a", "a.b", "0[x].y".
static mp_obj_t field_value(struct source *source, const char *s, const char *top) {
    const char *end = s;
    while (end < top && *end != '.' && *end != '[') {
        end++;
    }
    mp_obj_t value = first_value(source, s, (size_t)(end - s));
    while (end < top) {
        bool attribute = *end == '.';
        if (!attribute && *end != '[') {
            mp_raise_ValueError(MP_ERROR_TEXT("Only '.' or '[' may follow ']' in format field specifier"));
        }
        s = ++end;
        while (end < top && (attribute ? *end != '.' && *end != '[' : *end != ']')) {
            end++;
        }
        if (end == s) {
            mp_raise_ValueError(MP_ERROR_TEXT("Empty attribute in format string"));
        }
        mp_int_t index;
        if (attribute) {
            value = mp_load_attr(value, qstr_from_strn(s, (size_t)(end - s)));
        } else {
            bool number = read_index(s, end, &index);
            mp_obj_t key = number ? MP_OBJ_NEW_SMALL_INT(index) : mp_obj_new_str(s, (size_t)(end - s));
            value = mp_obj_subscr(value, key, MP_OBJ_SENTINEL);
            end += end < top; // the bracket
        }
    }
    return value;
}

static mp_obj_t convert(mp_obj_t value, char conversion) {
    if (conversion == 'a') {
        return mp_obj_ascii(value);
    }
    if (conversion != 'r' && conversion != 's') {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Unknown conversion specifier %c"), conversion);
    }
    vstr_t text;
    mp_print_t print;
    vstr_init_print(&text, 16, &print);
    mp_obj_print_helper(&print, value, conversion == 'r' ? PRINT_REPR : PRINT_STR);
    return mp_obj_new_str_from_vstr(&text);
}

static const char *end_of_name(const char *s, const char *top) {
    while (s < top && strchr("{}:!", *s) == NULL) {
        if (*s == '[') {
            while (s < top && *s != ']') {
                s++;
            }
        }
        s += s < top;
    }
    return s;
}

static const char *end_of_spec(const char *s, const char *top) {
    for (unsigned nest = 1; s < top; s++) {
        nest += *s == '{';
        nest -= *s == '}';
        if (nest == 0) {
            return s;
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("unmatched '{' in format spec"));
}

static void expand(vstr_t *out, struct source *source, const char *s, const char *top, unsigned depth);

// One field, from behind its bracket on. Returns what follows it.
static const char *expand_field(vstr_t *out, struct source *source, const char *s, const char *top, unsigned depth) {
    const char *name = s;
    s = end_of_name(s, top);
    mp_obj_t value = MP_OBJ_NULL;
    if (s < top && *s != '{') {
        value = field_value(source, name, s);
    }
    if (s < top && *s == '!') {
        if (top - s < 2) {
            mp_raise_ValueError(MP_ERROR_TEXT("end of string while looking for conversion specifier"));
        }
        value = convert(value, s[1]);
        s += 2;
        if (s < top && *s != ':' && *s != '}') {
            mp_raise_ValueError(MP_ERROR_TEXT("expected ':' after conversion specifier"));
        }
    }
    const char *spec = s, *end = s;
    if (s < top && *s == ':') {
        spec = s + 1;
        end = end_of_spec(spec, top);
    }
    if (end >= top || *end != '}') {
        mp_raise_ValueError(MP_ERROR_TEXT("expected '}' before end of string"));
    }
    if (memchr(spec, '{', (size_t)(end - spec)) == NULL) {
        mp_format_object(out, value, spec, (size_t)(end - spec));
    } else {
        vstr_t inner;
        vstr_init(&inner, 16);
        expand(&inner, source, spec, end, depth - 1);
        mp_format_object(out, value, inner.buf, inner.len);
        vstr_clear(&inner);
    }
    return end + 1;
}

static void expand(vstr_t *out, struct source *source, const char *s, const char *top, unsigned depth) {
    if (depth == 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("Max string recursion exceeded"));
    }
    while (s < top) {
        const char *start = s;
        while (s < top && *s != '{' && *s != '}') {
            s++;
        }
        vstr_add_strn(out, start, (size_t)(s - start));
        if (s == top) {
            break;
        }
        char bracket = *s++;
        if (s < top && *s == bracket) {
            vstr_add_byte(out, bracket);
            s++;
        } else if (bracket == '}' || s == top) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("Single '%c' encountered in format string"), bracket);
        } else {
            s = expand_field(out, source, s, top, depth);
        }
    }
}

static mp_obj_t format(mp_obj_t pattern, struct source *source) {
    size_t size;
    const char *text = mp_obj_str_get_data(pattern, &size);
    vstr_t out;
    vstr_init(&out, size + 16);
    expand(&out, source, text, text + size, DEPTH);
    return mp_obj_new_str_from_vstr(&out);
}

mp_obj_t mp_obj_str_format(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    struct source source = {.count = n_args - 1, .values = args + 1, .names = kwargs};
    return format(args[0], &source);
}

static mp_obj_t str_format_map(mp_obj_t pattern, mp_obj_t mapping) {
    struct source source = {.mapping = mapping};
    return format(pattern, &source);
}
MP_DEFINE_CONST_FUN_OBJ_2(mp_str_format_map_obj, str_format_map);
