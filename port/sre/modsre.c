// modsre.c - the module `_sre`, what CPython's re._compiler wants of it.

#include <string.h>

#include "py/runtime.h"
#include "sre.h"

// compile(pattern, flags, code, groups, groupindex, indexgroup)
static mp_obj_t sre_compile(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    size_t length;
    mp_obj_t *code;
    mp_obj_get_array(args[2], &length, &code);
    sre_pattern_t *self = m_new_obj_var(sre_pattern_t, code, sre_code_t, length);
    self->base.type = &sre_pattern_type;
    self->pattern = args[0];
    self->flags = mp_obj_get_int(args[1]);
    mp_int_t groups = mp_obj_get_int(args[3]);
    self->groups = groups;
    self->groupindex = args[4];
    self->indexgroup = args[5];
    self->length = length;
    bool sound =
        groups >= 0 && groups <= SRE_MAXGROUPS && length < UINT32_MAX && mp_obj_is_dict_or_ordereddict(args[4]);
    for (size_t i = 0; i < length; i++) {
        mp_int_t word = mp_obj_get_int(code[i]);
        self->code[i] = word;
        sound = sound && word == self->code[i];
    }
    if (!sound || !sre_check(self)) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("invalid SRE code"));
    }
    return MP_OBJ_FROM_PTR(self);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(compile_obj, 6, 6, sre_compile);

static mp_obj_t ascii_iscased(mp_obj_t c) {
    mp_uint_t low = mp_obj_get_int(c) | 0x20;
    return mp_obj_new_bool(low >= 'a' && low <= 'z');
}
static MP_DEFINE_CONST_FUN_OBJ_1(ascii_iscased_obj, ascii_iscased);

static mp_obj_t unicode_iscased(mp_obj_t c_in) {
    mp_uint_t c = mp_obj_get_int(c_in);
    return mp_obj_new_bool(c <= 0x10ffff && (sre_lower(c) != c || sre_upper(c) != c));
}
static MP_DEFINE_CONST_FUN_OBJ_1(unicode_iscased_obj, unicode_iscased);

static mp_obj_t ascii_tolower(mp_obj_t c) {
    return MP_OBJ_NEW_SMALL_INT(sre_lower_ascii(mp_obj_get_int(c)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(ascii_tolower_obj, ascii_tolower);

static mp_obj_t unicode_tolower(mp_obj_t c) {
    return MP_OBJ_NEW_SMALL_INT(sre_lower(mp_obj_get_int(c)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(unicode_tolower_obj, unicode_tolower);

// The list of the words of a set, from a bytearray with a byte that is not 0 for every member.
static mp_obj_t bitmap(mp_obj_t members) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(members, &info, MP_BUFFER_READ);
    mp_obj_t words = mp_obj_new_list(0, NULL);
    for (size_t i = 0; i + 32 <= info.len; i += 32) {
        sre_code_t word = 0;
        for (size_t j = 0; j < 32; j++) {
            word |= (sre_code_t)(((const byte *)info.buf)[i + j] != 0) << j;
        }
        mp_obj_list_append(words, MP_OBJ_NEW_SMALL_INT((mp_int_t)word));
    }
    return words;
}
static MP_DEFINE_CONST_FUN_OBJ_1(bitmap_obj, bitmap);

// The words that bytes make, as a list.
static mp_obj_t words(mp_obj_t bytes) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(bytes, &info, MP_BUFFER_READ);
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (size_t i = 0; i + sizeof(sre_code_t) <= info.len; i += sizeof(sre_code_t)) {
        sre_code_t word;
        memcpy(&word, (const byte *)info.buf + i, sizeof(word));
        mp_obj_list_append(list, MP_OBJ_NEW_SMALL_INT((mp_int_t)word));
    }
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_1(words_obj, words);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__sre)},
    {MP_ROM_QSTR(MP_QSTR_MAGIC), MP_ROM_INT(SRE_MAGIC)},
    {MP_ROM_QSTR(MP_QSTR_CODESIZE), MP_ROM_INT(sizeof(sre_code_t))},
    {MP_ROM_QSTR(MP_QSTR_MAXREPEAT), MP_ROM_INT(SRE_MAXREPEAT)},
    {MP_ROM_QSTR(MP_QSTR_MAXGROUPS), MP_ROM_INT(SRE_MAXGROUPS)},
    {MP_ROM_QSTR(MP_QSTR_compile), MP_ROM_PTR(&compile_obj)},
    {MP_ROM_QSTR(MP_QSTR_bitmap), MP_ROM_PTR(&bitmap_obj)},
    {MP_ROM_QSTR(MP_QSTR_words), MP_ROM_PTR(&words_obj)},
    {MP_ROM_QSTR(MP_QSTR_ascii_iscased), MP_ROM_PTR(&ascii_iscased_obj)},
    {MP_ROM_QSTR(MP_QSTR_ascii_tolower), MP_ROM_PTR(&ascii_tolower_obj)},
    {MP_ROM_QSTR(MP_QSTR_unicode_iscased), MP_ROM_PTR(&unicode_iscased_obj)},
    {MP_ROM_QSTR(MP_QSTR_unicode_tolower), MP_ROM_PTR(&unicode_tolower_obj)},
};
static MP_DEFINE_CONST_DICT(sre_globals, globals_table);

const mp_obj_module_t mp_module_sre = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&sre_globals,
};
MP_REGISTER_MODULE(MP_QSTR__sre, mp_module_sre);
