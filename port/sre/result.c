// result.c - the type Match.

#include <string.h>

#include "py/objtuple.h"
#include "py/runtime.h"
#include "sre.h"

#define ABSENT SIZE_MAX

typedef struct {
    size_t from, to; // bytes
} span_t;

typedef struct {
    mp_obj_base_t base;
    const sre_pattern_t *pattern;
    sre_text_t text;
    mp_obj_t pos, endpos;
    size_t near, near_char; // a position as byte and as character: others are counted from there
    size_t lastindex;
    span_t spans[];
} match_t;

mp_obj_t sre_result(
    const sre_state_t *s, const sre_text_t *text, mp_obj_t pos, mp_obj_t endpos, size_t near, size_t near_char) {
    size_t groups = s->pattern->groups + 1;
    match_t *self = m_new_obj_var(match_t, spans, span_t, groups);
    self->base.type = &sre_match_type;
    self->pattern = s->pattern;
    self->text = *text;
    self->pos = pos;
    self->endpos = endpos;
    self->near = near;
    self->near_char = near_char;
    self->lastindex = s->lastindex;
    self->spans[0].from = s->from - s->begin;
    self->spans[0].to = s->to - s->begin;
    for (size_t i = 1; i < groups; i++) {
        const byte *from = s->marks[2 * i - 2], *to = s->marks[2 * i - 1];
        bool matched = from != NULL && to != NULL && to >= from;
        self->spans[i].from = matched ? (size_t)(from - s->begin) : ABSENT;
        self->spans[i].to = matched ? (size_t)(to - s->begin) : ABSENT;
    }
    return MP_OBJ_FROM_PTR(self);
}

// Returns a group of the match that was just found.
mp_obj_t sre_result_of(const sre_state_t *s, const sre_text_t *text, size_t group, mp_obj_t absent) {
    const byte *from = group == 0 ? s->from : s->marks[2 * group - 2],
               *to = group == 0 ? s->to : s->marks[2 * group - 1];
    if (from == NULL || to == NULL || to < from) {
        return absent;
    }
    return sre_slice(text, from - s->begin, to - s->begin);
}

static match_t *match_of(mp_obj_t self_in) {
    return MP_OBJ_TO_PTR(mp_obj_cast_to_native_base(self_in, MP_OBJ_FROM_PTR(&sre_match_type)));
}

// Returns the number of a group by number or name; IndexError if there is none.
static size_t group_index(const match_t *self, mp_obj_t group) {
    mp_int_t index = -1;
    group = mp_obj_native_part(group);
    if (mp_obj_is_str(group)) {
        mp_map_elem_t *elem = mp_map_lookup(mp_obj_dict_get_map(self->pattern->groupindex), group, MP_MAP_LOOKUP);
        group = elem == NULL ? mp_const_none : elem->value;
    }
    if (!mp_obj_get_int_maybe(group, &index) || index < 0 || (size_t)index > self->pattern->groups) {
        mp_raise_msg(&mp_type_IndexError, MP_ERROR_TEXT("no such group"));
    }
    return index;
}

// The text as it is now: a bytearray may have moved.
static sre_text_t text_now(const match_t *self) {
    return self->text.is_str ? self->text : sre_text(self->pattern, self->text.object);
}

static mp_obj_t slice(const match_t *self, size_t group, mp_obj_t absent) {
    if (self->spans[group].from == ABSENT) {
        return absent;
    }
    sre_text_t text = text_now(self);
    return sre_slice(&text, self->spans[group].from, self->spans[group].to);
}

static mp_obj_t index_of(const match_t *self, size_t byte_index) {
    if (byte_index == ABSENT) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    if (byte_index >= self->near) {
        return MP_OBJ_NEW_SMALL_INT(self->near_char + sre_chars(&self->text, self->near, byte_index));
    }
    return MP_OBJ_NEW_SMALL_INT(self->near_char - sre_chars(&self->text, byte_index, self->near));
}

static mp_obj_t span(const match_t *self, size_t group) {
    mp_obj_t items[2] = {index_of(self, self->spans[group].from), index_of(self, self->spans[group].to)};
    return mp_obj_new_tuple(2, items);
}

static mp_obj_t match_group(size_t n_args, const mp_obj_t *args) {
    const match_t *self = match_of(args[0]);
    if (n_args <= 2) {
        return slice(self, n_args == 1 ? 0 : group_index(self, args[1]), mp_const_none);
    }
    mp_obj_tuple_t *found = MP_OBJ_TO_PTR(mp_obj_new_tuple(n_args - 1, NULL));
    for (size_t i = 1; i < n_args; i++) {
        found->items[i - 1] = slice(self, group_index(self, args[i]), mp_const_none);
    }
    return MP_OBJ_FROM_PTR(found);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR(match_group_obj, 1, match_group);

static const mp_arg_t DEFAULT[] = {{MP_QSTR_default, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE}}};

static mp_obj_t match_groups(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    const match_t *self = match_of(args[0]);
    mp_arg_val_t absent;
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, 1, DEFAULT, &absent);
    mp_obj_tuple_t *found = MP_OBJ_TO_PTR(mp_obj_new_tuple(self->pattern->groups, NULL));
    for (size_t i = 0; i < self->pattern->groups; i++) {
        found->items[i] = slice(self, i + 1, absent.u_obj);
    }
    return MP_OBJ_FROM_PTR(found);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(match_groups_obj, 1, match_groups);

static mp_obj_t match_groupdict(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    const match_t *self = match_of(args[0]);
    mp_arg_val_t absent;
    mp_arg_parse_all(n_args - 1, args + 1, kw_args, 1, DEFAULT, &absent);
    mp_obj_t found = mp_obj_new_dict(0);
    mp_map_t *names = mp_obj_dict_get_map(self->pattern->groupindex);
    for (size_t i = 0; i < names->alloc; i++) {
        if (mp_map_slot_is_filled(names, i)) {
            mp_obj_dict_store(
                found, names->table[i].key, slice(self, group_index(self, names->table[i].key), absent.u_obj));
        }
    }
    return found;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(match_groupdict_obj, 1, match_groupdict);

static mp_obj_t match_start(size_t n_args, const mp_obj_t *args) {
    const match_t *self = match_of(args[0]);
    return index_of(self, self->spans[n_args == 1 ? 0 : group_index(self, args[1])].from);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(match_start_obj, 1, 2, match_start);

static mp_obj_t match_end(size_t n_args, const mp_obj_t *args) {
    const match_t *self = match_of(args[0]);
    return index_of(self, self->spans[n_args == 1 ? 0 : group_index(self, args[1])].to);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(match_end_obj, 1, 2, match_end);

static mp_obj_t match_span(size_t n_args, const mp_obj_t *args) {
    const match_t *self = match_of(args[0]);
    return span(self, n_args == 1 ? 0 : group_index(self, args[1]));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(match_span_obj, 1, 2, match_span);

static mp_obj_t match_expand(mp_obj_t self_in, mp_obj_t template) {
    mp_obj_t expand = mp_load_attr(mp_import_name(MP_QSTR_re, mp_const_none, MP_OBJ_NEW_SMALL_INT(0)), MP_QSTR__expand);
    mp_obj_t args[] = {MP_OBJ_FROM_PTR(match_of(self_in)->pattern), self_in, template};
    return mp_call_function_n_kw(expand, 3, 0, args);
}
static MP_DEFINE_CONST_FUN_OBJ_2(match_expand_obj, match_expand);

static mp_obj_t match_copy(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    return args[0];
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(match_copy_obj, 1, 2, match_copy);

static mp_obj_t match_subscr(mp_obj_t self_in, mp_obj_t index, mp_obj_t value) {
    const match_t *self = match_of(self_in);
    return value == MP_OBJ_SENTINEL ? slice(self, group_index(self, index), mp_const_none) : MP_OBJ_NULL;
}

static void match_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    const match_t *self = match_of(self_in);
    mp_printf(print, "<re.Match object; span=");
    mp_obj_print_helper(print, span(self, 0), PRINT_REPR);
    mp_printf(print, ", match=");
    mp_obj_print_helper(print, slice(self, 0, mp_const_none), PRINT_REPR);
    mp_printf(print, ">");
}

static mp_obj_t regs(const match_t *self) {
    mp_obj_tuple_t *found = MP_OBJ_TO_PTR(mp_obj_new_tuple(self->pattern->groups + 1, NULL));
    for (size_t i = 0; i <= self->pattern->groups; i++) {
        found->items[i] = span(self, i);
    }
    return MP_OBJ_FROM_PTR(found);
}

static mp_obj_t lastgroup(const match_t *self) {
    if (self->lastindex == 0 || !mp_obj_is_type(self->pattern->indexgroup, &mp_type_tuple)) {
        return mp_const_none;
    }
    const mp_obj_tuple_t *names = MP_OBJ_TO_PTR(self->pattern->indexgroup);
    return self->lastindex < names->len ? names->items[self->lastindex] : mp_const_none;
}

static void match_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    const match_t *self = match_of(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    switch (attr) {
    case MP_QSTR_string: dest[0] = self->text.object; break;
    case MP_QSTR_re: dest[0] = MP_OBJ_FROM_PTR(self->pattern); break;
    case MP_QSTR_pos: dest[0] = self->pos; break;
    case MP_QSTR_endpos: dest[0] = self->endpos; break;
    case MP_QSTR_lastindex: dest[0] = self->lastindex ? MP_OBJ_NEW_SMALL_INT(self->lastindex) : mp_const_none; break;
    case MP_QSTR_lastgroup: dest[0] = lastgroup(self); break;
    case MP_QSTR_regs: dest[0] = regs(self); break;
    default: dest[1] = MP_OBJ_SENTINEL; // the methods
    }
}

static const mp_rom_map_elem_t match_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_group), MP_ROM_PTR(&match_group_obj)},
    {MP_ROM_QSTR(MP_QSTR_groups), MP_ROM_PTR(&match_groups_obj)},
    {MP_ROM_QSTR(MP_QSTR_groupdict), MP_ROM_PTR(&match_groupdict_obj)},
    {MP_ROM_QSTR(MP_QSTR_start), MP_ROM_PTR(&match_start_obj)},
    {MP_ROM_QSTR(MP_QSTR_end), MP_ROM_PTR(&match_end_obj)},
    {MP_ROM_QSTR(MP_QSTR_span), MP_ROM_PTR(&match_span_obj)},
    {MP_ROM_QSTR(MP_QSTR_expand), MP_ROM_PTR(&match_expand_obj)},
    {MP_ROM_QSTR(MP_QSTR___copy__), MP_ROM_PTR(&match_copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___deepcopy__), MP_ROM_PTR(&match_copy_obj)},
};
static MP_DEFINE_CONST_DICT(match_locals, match_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(sre_match_type, MP_QSTR_Match, MP_TYPE_FLAG_NONE, print, match_print, attr, match_attr, subscr,
    match_subscr, locals_dict, &match_locals);
