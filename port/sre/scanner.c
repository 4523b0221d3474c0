// scanner.c - successive matches: finditer(), and the objects of scanner().

#include "py/runtime.h"
#include "sre.h"

typedef struct {
    mp_obj_base_t base;
    const sre_pattern_t *pattern;
    sre_text_t text;
    mp_obj_t pos, endpos;
    size_t next, end; // bytes; next > end is the end
    size_t next_char; // where `next` is
    bool must_advance;
} scanner_t;

static const mp_obj_type_t finditer_type;

static size_t clamp(mp_obj_t index, size_t max) {
    mp_int_t value = mp_obj_get_int_truncated(index);
    return value < 0 ? 0 : MIN((size_t)value, max);
}

mp_obj_t sre_scanner(mp_obj_t pattern_in, size_t n_args, const mp_obj_t *args, bool is_iterator) {
    sre_pattern_t *pattern = MP_OBJ_TO_PTR(pattern_in);
    scanner_t *self = m_new_obj(scanner_t);
    self->base.type = is_iterator ? &finditer_type : &sre_scanner_type;
    self->pattern = pattern;
    self->text = sre_text(pattern, args[0]);
    size_t length = sre_chars(&self->text, 0, self->text.length);
    size_t end = n_args > 2 ? clamp(args[2], length) : length;
    size_t begin = n_args > 1 ? clamp(args[1], length) : 0;
    self->pos = MP_OBJ_NEW_SMALL_INT(begin);
    self->endpos = MP_OBJ_NEW_SMALL_INT(end);
    self->end = sre_byte_of(&self->text, end, self->text.length);
    self->next = begin > end ? SIZE_MAX : sre_byte_of(&self->text, begin, self->end);
    self->next_char = begin;
    self->must_advance = false;
    return MP_OBJ_FROM_PTR(self);
}

// Returns the next match, as search() or match() or fullmatch() finds it; None if there is none.
static mp_obj_t next_match(scanner_t *self, bool anywhere, bool must_end) {
    if (!self->text.is_str) {
        self->text = sre_text(self->pattern, self->text.object);
        self->end = MIN(self->end, self->text.length);
    }
    if (self->next > self->end) {
        return mp_const_none;
    }
    sre_state_t state;
    sre_begin(&state, self->pattern, &self->text, self->next, self->end);
    state.must_advance = self->must_advance;
    state.must_end = must_end;
    bool found = anywhere ? sre_search(&state, state.from) : sre_match(&state, state.from);
    if (!found) {
        self->next = SIZE_MAX;
        return mp_const_none;
    }
    size_t from = state.from - state.begin, to = state.to - state.begin;
    size_t from_char = self->next_char + sre_chars(&self->text, self->next, from);
    mp_obj_t match = sre_result(&state, &self->text, self->pos, self->endpos, from, from_char);
    self->must_advance = to == from;
    self->next = to;
    self->next_char = from_char + sre_chars(&self->text, from, to);
    return match;
}

static mp_obj_t scanner_search(mp_obj_t self_in) {
    return next_match(MP_OBJ_TO_PTR(self_in), true, false);
}
static MP_DEFINE_CONST_FUN_OBJ_1(scanner_search_obj, scanner_search);

static mp_obj_t scanner_match(mp_obj_t self_in) {
    return next_match(MP_OBJ_TO_PTR(self_in), false, false);
}
static MP_DEFINE_CONST_FUN_OBJ_1(scanner_match_obj, scanner_match);

static mp_obj_t finditer_next(mp_obj_t self_in) {
    mp_obj_t match = next_match(MP_OBJ_TO_PTR(self_in), true, false);
    return match == mp_const_none ? MP_OBJ_STOP_ITERATION : match;
}

static void scanner_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    if (attr == MP_QSTR_pattern) {
        dest[0] = MP_OBJ_FROM_PTR(((scanner_t *)MP_OBJ_TO_PTR(self_in))->pattern);
    } else {
        dest[1] = MP_OBJ_SENTINEL;
    }
}

static const mp_rom_map_elem_t scanner_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_match), MP_ROM_PTR(&scanner_match_obj)},
    {MP_ROM_QSTR(MP_QSTR_search), MP_ROM_PTR(&scanner_search_obj)},
};
static MP_DEFINE_CONST_DICT(scanner_locals, scanner_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    sre_scanner_type, MP_QSTR_Scanner, MP_TYPE_FLAG_NONE, attr, scanner_attr, locals_dict, &scanner_locals);

static MP_DEFINE_CONST_OBJ_TYPE(
    finditer_type, MP_QSTR_callable_iterator, MP_TYPE_FLAG_ITER_IS_ITERNEXT, iter, finditer_next);
