// pattern.c - the type Pattern.

#include <string.h>

#include "py/runtime.h"
#include "py/smallint.h"
#include "sre.h"

static size_t clamp(mp_obj_t index, size_t max) {
    mp_int_t value = mp_obj_get_int_truncated(index);
    return value < 0 ? 0 : MIN((size_t)value, max);
}

enum { STRING, POS, ENDPOS, COUNT };

// match(), fullmatch(), search(), finditer() and scanner() have the same arguments.
static void arguments(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args, mp_obj_t *values) {
    static const mp_arg_t ALLOWED[COUNT] = {
        {MP_QSTR_string, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_pos, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        {MP_QSTR_endpos, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(MP_SMALL_INT_MAX)}},
    };
    mp_arg_val_t parsed[COUNT];
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, COUNT, ALLOWED, parsed);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = parsed[i].u_obj;
    }
}

static mp_obj_t find(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args, bool anywhere, bool must_end) {
    mp_obj_t values[COUNT];
    arguments(n_args, args, kw_args, values);
    const sre_pattern_t *self = MP_OBJ_TO_PTR(args[0]);
    sre_text_t text = sre_text(self, values[STRING]);
    size_t length = sre_chars(&text, 0, text.length);
    size_t begin = clamp(values[POS], length), end = clamp(values[ENDPOS], length);
    if (begin > end) {
        return mp_const_none;
    }
    size_t end_byte = sre_byte_of(&text, end, text.length), begin_byte = sre_byte_of(&text, begin, end_byte);
    sre_state_t state;
    sre_begin(&state, self, &text, begin_byte, end_byte);
    state.must_end = must_end;
    bool found = anywhere ? sre_search(&state, state.from) : sre_match(&state, state.from);
    if (!found) {
        return mp_const_none;
    }
    return sre_result(&state, &text, MP_OBJ_NEW_SMALL_INT(begin), MP_OBJ_NEW_SMALL_INT(end), begin_byte, begin);
}

static mp_obj_t pattern_match(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return find(n_args, args, kw_args, false, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(match_obj, 1, pattern_match);

static mp_obj_t pattern_fullmatch(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return find(n_args, args, kw_args, false, true);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(fullmatch_obj, 1, pattern_fullmatch);

static mp_obj_t pattern_search(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return find(n_args, args, kw_args, true, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(search_obj, 1, pattern_search);

static mp_obj_t pattern_finditer(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    mp_obj_t values[COUNT];
    arguments(n_args, args, kw_args, values);
    return sre_scanner(args[0], COUNT, values, true);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(finditer_obj, 1, pattern_finditer);

static mp_obj_t pattern_scanner(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    mp_obj_t values[COUNT];
    arguments(n_args, args, kw_args, values);
    return sre_scanner(args[0], COUNT, values, false);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(scanner_obj, 1, pattern_scanner);

static MP_DEFINE_CONST_FUN_OBJ_KW(findall_obj, 1, sre_findall);
static MP_DEFINE_CONST_FUN_OBJ_KW(split_obj, 1, sre_split);
static MP_DEFINE_CONST_FUN_OBJ_KW(sub_obj, 1, sre_sub);
static MP_DEFINE_CONST_FUN_OBJ_KW(subn_obj, 1, sre_subn);

static mp_obj_t pattern_copy(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    return args[0];
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(copy_obj, 1, 2, pattern_copy);

static void print_flags(const mp_print_t *print, const sre_pattern_t *self) {
    static const char *const NAMES[] = {"re.TEMPLATE", "re.IGNORECASE", "re.LOCALE", "re.MULTILINE", "re.DOTALL",
        "re.UNICODE", "re.VERBOSE", "re.DEBUG", "re.ASCII"};
    mp_uint_t flags = self->flags;
    if (mp_obj_is_str(self->pattern) && (flags & (4 | SRE_FLAG_UNICODE | 256)) == SRE_FLAG_UNICODE) {
        flags &= ~(mp_uint_t)SRE_FLAG_UNICODE;
    }
    const char *separator = ", ";
    for (size_t i = 0; i < MP_ARRAY_SIZE(NAMES); i++) {
        if (flags & (1u << i)) {
            mp_printf(print, "%s%s", separator, NAMES[i]);
            separator = "|";
        }
    }
    flags >>= MP_ARRAY_SIZE(NAMES);
    if (flags) {
        mp_printf(print, "%s0x%x", separator, (unsigned)(flags << MP_ARRAY_SIZE(NAMES)));
    }
}

#define REPR_MAX 200 // characters of the pattern

static void pattern_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    const sre_pattern_t *self = MP_OBJ_TO_PTR(self_in);
    vstr_t text;
    mp_print_t to_text;
    vstr_init_print(&text, 16, &to_text);
    mp_obj_print_helper(&to_text, self->pattern, PRINT_REPR);
    sre_text_t whole = {.data = (const byte *)text.buf, .length = text.len, .is_utf8 = true};
    mp_printf(print, "re.compile(%.*s", (int)sre_byte_of(&whole, REPR_MAX, text.len), text.buf);
    vstr_clear(&text);
    print_flags(print, self);
    mp_printf(print, ")");
}

static mp_obj_t pattern_unary_op(mp_unary_op_t op, mp_obj_t self_in) {
    const sre_pattern_t *self = MP_OBJ_TO_PTR(self_in);
    if (op != MP_UNARY_OP_HASH) {
        return MP_OBJ_NULL;
    }
    mp_int_t hash =
        self->pattern == mp_const_none ? 0 : MP_OBJ_SMALL_INT_VALUE(mp_unary_op(MP_UNARY_OP_HASH, self->pattern));
    return MP_OBJ_NEW_SMALL_INT((hash ^ self->flags ^ self->length) & MP_SMALL_INT_MAX);
}

static mp_obj_t pattern_binary_op(mp_binary_op_t op, mp_obj_t left_in, mp_obj_t right_in) {
    if (op != MP_BINARY_OP_EQUAL || !mp_obj_is_type(right_in, &sre_pattern_type)) {
        return MP_OBJ_NULL;
    }
    const sre_pattern_t *left = MP_OBJ_TO_PTR(left_in), *right = MP_OBJ_TO_PTR(right_in);
    bool same = left->flags == right->flags && left->length == right->length
        && mp_obj_get_type(left->pattern) == mp_obj_get_type(right->pattern)
        && memcmp(left->code, right->code, left->length * sizeof(sre_code_t)) == 0
        && mp_obj_equal(left->pattern, right->pattern);
    return mp_obj_new_bool(same);
}

static void pattern_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    const sre_pattern_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    switch (attr) {
    case MP_QSTR_pattern: dest[0] = self->pattern; break;
    case MP_QSTR_flags: dest[0] = MP_OBJ_NEW_SMALL_INT(self->flags); break;
    case MP_QSTR_groups: dest[0] = MP_OBJ_NEW_SMALL_INT(self->groups); break;
    case MP_QSTR_groupindex: dest[0] = mp_obj_dict_copy(self->groupindex); break;
    default: dest[1] = MP_OBJ_SENTINEL; // the methods
    }
}

static const mp_rom_map_elem_t pattern_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_match), MP_ROM_PTR(&match_obj)},
    {MP_ROM_QSTR(MP_QSTR_fullmatch), MP_ROM_PTR(&fullmatch_obj)},
    {MP_ROM_QSTR(MP_QSTR_search), MP_ROM_PTR(&search_obj)},
    {MP_ROM_QSTR(MP_QSTR_finditer), MP_ROM_PTR(&finditer_obj)},
    {MP_ROM_QSTR(MP_QSTR_scanner), MP_ROM_PTR(&scanner_obj)},
    {MP_ROM_QSTR(MP_QSTR_findall), MP_ROM_PTR(&findall_obj)},
    {MP_ROM_QSTR(MP_QSTR_split), MP_ROM_PTR(&split_obj)},
    {MP_ROM_QSTR(MP_QSTR_sub), MP_ROM_PTR(&sub_obj)},
    {MP_ROM_QSTR(MP_QSTR_subn), MP_ROM_PTR(&subn_obj)},
    {MP_ROM_QSTR(MP_QSTR___copy__), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___deepcopy__), MP_ROM_PTR(&copy_obj)},
};
static MP_DEFINE_CONST_DICT(pattern_locals, pattern_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(sre_pattern_type, MP_QSTR_Pattern, MP_TYPE_FLAG_NONE, print, pattern_print, unary_op,
    pattern_unary_op, binary_op, pattern_binary_op, attr, pattern_attr, locals_dict, &pattern_locals);
