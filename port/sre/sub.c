// sub.c - all matches of a text: findall(), split(), sub() and subn().

#include <string.h>

#include "py/runtime.h"
#include "py/smallint.h"
#include "sre.h"

typedef struct {
    sre_state_t state;
    sre_text_t text;
    mp_obj_t object; // as it was given
    size_t from, to; // of the current match, in bytes
    size_t at, at_char;
} walk_t;

static void begin(walk_t *w, const sre_pattern_t *pattern, mp_obj_t object, mp_obj_t pos, mp_obj_t endpos) {
    w->object = object;
    w->text = sre_text(pattern, object);
    mp_int_t first = mp_obj_get_int_truncated(pos), last = mp_obj_get_int_truncated(endpos);
    size_t end = sre_byte_of(&w->text, MAX(last, 0), w->text.length);
    w->at_char = MAX(first, 0);
    w->at = first > last ? end + 1 : sre_byte_of(&w->text, MAX(first, 0), end);
    sre_begin(&w->state, pattern, &w->text, MIN(w->at, end), end);
}

static bool next(walk_t *w) {
    if (w->at > (size_t)(w->state.end - w->state.begin) || !sre_search(&w->state, w->state.begin + w->at)) {
        return false;
    }
    w->from = w->state.from - w->state.begin;
    w->to = w->state.to - w->state.begin;
    w->at = w->to;
    w->state.must_advance = w->to == w->from;
    return true;
}

static mp_obj_t empty(const walk_t *w) {
    return w->text.is_str ? MP_OBJ_NEW_QSTR(MP_QSTR_) : mp_const_empty_bytes;
}

enum { STRING, POS, ENDPOS };

mp_obj_t sre_findall(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    static const mp_arg_t ALLOWED[] = {
        {MP_QSTR_string, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_pos, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        {MP_QSTR_endpos, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(MP_SMALL_INT_MAX)}},
    };
    mp_arg_val_t values[MP_ARRAY_SIZE(ALLOWED)];
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, MP_ARRAY_SIZE(ALLOWED), ALLOWED, values);
    const sre_pattern_t *pattern = MP_OBJ_TO_PTR(args[0]);
    walk_t w;
    begin(&w, pattern, values[STRING].u_obj, values[POS].u_obj, values[ENDPOS].u_obj);
    mp_obj_t found = mp_obj_new_list(0, NULL);
    while (next(&w)) {
        mp_obj_t item;
        if (pattern->groups < 2) {
            item = sre_result_of(&w.state, &w.text, pattern->groups, empty(&w));
        } else {
            item = mp_obj_new_tuple(pattern->groups, NULL);
            for (size_t i = 0; i < pattern->groups; i++) {
                ((mp_obj_tuple_t *)MP_OBJ_TO_PTR(item))->items[i] = sre_result_of(&w.state, &w.text, i + 1, empty(&w));
            }
        }
        mp_obj_list_append(found, item);
    }
    return found;
}

mp_obj_t sre_split(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    static const mp_arg_t ALLOWED[] = {
        {MP_QSTR_string, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_maxsplit, MP_ARG_INT, {.u_int = 0}},
    };
    mp_arg_val_t values[MP_ARRAY_SIZE(ALLOWED)];
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, MP_ARRAY_SIZE(ALLOWED), ALLOWED, values);
    const sre_pattern_t *pattern = MP_OBJ_TO_PTR(args[0]);
    mp_int_t max = values[1].u_int;
    walk_t w;
    begin(&w, pattern, values[STRING].u_obj, MP_OBJ_NEW_SMALL_INT(0), MP_OBJ_NEW_SMALL_INT(MP_SMALL_INT_MAX));
    mp_obj_t parts = mp_obj_new_list(0, NULL);
    size_t last = 0;
    for (mp_int_t n = 0; (max == 0 || n < max) && next(&w); n++) {
        mp_obj_list_append(parts, sre_slice(&w.text, last, w.from));
        for (size_t i = 1; i <= pattern->groups; i++) {
            mp_obj_list_append(parts, sre_result_of(&w.state, &w.text, i, mp_const_none));
        }
        last = w.to;
    }
    mp_obj_list_append(parts, sre_slice(&w.text, last, w.text.length));
    return parts;
}

// The replacement of a match: a function of it, or a constant text.
static mp_obj_t replacement(mp_obj_t pattern, mp_obj_t given) {
    if (mp_obj_is_callable(given)) {
        return given;
    }
    mp_buffer_info_t info;
    if (mp_get_buffer(given, &info, MP_BUFFER_READ) && (info.len == 0 || memchr(info.buf, '\\', info.len) == NULL)) {
        return given;
    }
    mp_obj_t subx = mp_load_attr(mp_import_name(MP_QSTR_re, mp_const_none, MP_OBJ_NEW_SMALL_INT(0)), MP_QSTR__subx);
    return mp_call_function_2(subx, pattern, given);
}

// The function's text for the current match. It may do anything except change a bytearray that is being searched.
static mp_obj_t called(walk_t *w, mp_obj_t function) {
    size_t from_char = w->at_char + sre_chars(&w->text, w->at, w->from);
    mp_obj_t all = MP_OBJ_NEW_SMALL_INT(0), length = MP_OBJ_NEW_SMALL_INT(sre_chars(&w->text, 0, w->text.length));
    mp_obj_t match = sre_result(&w->state, &w->text, all, length, w->from, from_char);
    mp_obj_t item = mp_call_function_1(function, match);
    if (!w->text.is_str) {
        sre_text_t now = sre_text(w->state.pattern, w->object);
        if (now.data != w->text.data || now.length != w->text.length) {
            mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the text has changed while it was searched"));
        }
    }
    return item;
}

static mp_obj_t joined(const walk_t *w, mp_obj_t parts) {
    mp_obj_t join[3];
    mp_load_method(empty(w), MP_QSTR_join, join);
    join[2] = parts;
    return mp_call_method_n_kw(1, 0, join);
}

// Returns the new text; *count is the number of replacements.
static mp_obj_t substitute(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args, mp_int_t *count) {
    static const mp_arg_t ALLOWED[] = {
        {MP_QSTR_repl, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_string, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_count, MP_ARG_INT, {.u_int = 0}},
    };
    mp_arg_val_t values[MP_ARRAY_SIZE(ALLOWED)];
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, MP_ARRAY_SIZE(ALLOWED), ALLOWED, values);
    mp_obj_t filter = replacement(args[0], values[0].u_obj);
    bool is_function = mp_obj_is_callable(filter);
    walk_t w;
    begin(&w, MP_OBJ_TO_PTR(args[0]), values[1].u_obj, MP_OBJ_NEW_SMALL_INT(0), MP_OBJ_NEW_SMALL_INT(MP_SMALL_INT_MAX));
    mp_obj_t parts = mp_obj_new_list(0, NULL);
    mp_int_t max = values[2].u_int;
    size_t last = 0;
    for (*count = 0; (max == 0 || *count < max) && next(&w); ++*count) {
        if (w.from > last) {
            mp_obj_list_append(parts, sre_slice(&w.text, last, w.from));
        }
        w.at = last;
        mp_obj_t item = is_function ? called(&w, filter) : filter;
        if (item != mp_const_none) {
            mp_obj_list_append(parts, item);
        }
        w.at_char += sre_chars(&w.text, last, w.to);
        w.at = last = w.to;
    }
    mp_obj_list_append(parts, sre_slice(&w.text, last, w.text.length));
    return joined(&w, parts);
}

mp_obj_t sre_sub(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    mp_int_t count;
    return substitute(n_args, args, kw_args, &count);
}

mp_obj_t sre_subn(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    mp_int_t count;
    mp_obj_t text = substitute(n_args, args, kw_args, &count);
    mp_obj_t items[2] = {text, mp_obj_new_int(count)};
    return mp_obj_new_tuple(2, items);
}
