// modtwister.c - the module `_random`: one type, Twister, which stack/std/random.py builds on.

#include <string.h>

#include "py/objint.h"
#include "py/objtuple.h"
#include "py/runtime.h"
#include "twister.h"

typedef struct {
    mp_obj_base_t base;
    twister_t twister;
} object_t;

static const mp_obj_type_t twister_type;

static twister_t *twister_of(mp_obj_t self_in) {
    return &((object_t *)MP_OBJ_TO_PTR(self_in))->twister;
}

static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    (void)args;
    object_t *self = mp_obj_malloc(object_t, type);
    twister_seed(&self->twister, (const uint32_t[]) {0}, 1);
    return MP_OBJ_FROM_PTR(self);
}

// seed(key): bytes, a number with its low byte first. Zeros behind its last word that is not 0 do not count.
static mp_obj_t seed(mp_obj_t self_in, mp_obj_t key_in) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(key_in, &info, MP_BUFFER_READ);
    size_t length = MAX((info.len + 3) / 4, 1);
    uint32_t *key = m_new0(uint32_t, length);
    for (size_t i = 0; i < info.len; i++) {
        key[i / 4] |= (uint32_t)((const byte *)info.buf)[i] << 8 * (i % 4);
    }
    size_t used = length;
    while (used > 1 && key[used - 1] == 0) {
        used--;
    }
    twister_seed(twister_of(self_in), key, used);
    m_del(uint32_t, key, length);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(seed_obj, seed);

// random(): a float of 53 bits in [0, 1).
static mp_obj_t next_float(mp_obj_t self_in) {
    twister_t *twister = twister_of(self_in);
    uint32_t high = twister_next(twister) >> 5, low = twister_next(twister) >> 6;
    return mp_obj_new_float((high * 67108864.0 + low) / 9007199254740992.0);
}
static MP_DEFINE_CONST_FUN_OBJ_1(random_obj, next_float);

// getrandbits(k): words from the lowest on, the last one cut from above.
static mp_obj_t getrandbits(mp_obj_t self_in, mp_obj_t count_in) {
    twister_t *twister = twister_of(self_in);
    mp_int_t count = mp_obj_get_int(count_in);
    if (count < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("number of bits must be non-negative"));
    }
    if (count == 0) {
        return MP_OBJ_NEW_SMALL_INT(0);
    }
    if (count <= 32) {
        return mp_obj_new_int_from_uint(twister_next(twister) >> (32 - count));
    }
    size_t words = (count - 1) / 32 + 1;
    byte *bytes = m_new(byte, words * 4);
    for (size_t i = 0; i < words; i++, count -= 32) {
        uint32_t word = twister_next(twister);
        word = count < 32 ? word >> (32 - count) : word;
        for (size_t j = 0; j < 4; j++, word >>= 8) {
            bytes[4 * i + j] = word;
        }
    }
    mp_obj_t number = mp_obj_int_from_bytes_impl(false, words * 4, bytes);
    m_del(byte, bytes, words * 4);
    return number;
}
static MP_DEFINE_CONST_FUN_OBJ_2(getrandbits_obj, getrandbits);

// getstate(): the words and how many of them are used.
static mp_obj_t getstate(mp_obj_t self_in) {
    const twister_t *twister = twister_of(self_in);
    mp_obj_tuple_t *state = MP_OBJ_TO_PTR(mp_obj_new_tuple(TWISTER_WORDS + 1, NULL));
    for (size_t i = 0; i < TWISTER_WORDS; i++) {
        state->items[i] = mp_obj_new_int_from_uint(twister->words[i]);
    }
    state->items[TWISTER_WORDS] = MP_OBJ_NEW_SMALL_INT(twister->used);
    return MP_OBJ_FROM_PTR(state);
}
static MP_DEFINE_CONST_FUN_OBJ_1(getstate_obj, getstate);

static mp_obj_t setstate(mp_obj_t self_in, mp_obj_t state_in) {
    size_t length;
    mp_obj_t *items;
    mp_obj_get_array(state_in, &length, &items);
    if (length != TWISTER_WORDS + 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("state vector is the wrong size"));
    }
    twister_t state;
    for (size_t i = 0; i < TWISTER_WORDS; i++) {
        state.words[i] = mp_obj_get_int_truncated(items[i]);
    }
    mp_int_t used = mp_obj_get_int(items[TWISTER_WORDS]);
    if (used < 0 || used > TWISTER_WORDS) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid state"));
    }
    state.used = used;
    *twister_of(self_in) = state;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(setstate_obj, setstate);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_seed), MP_ROM_PTR(&seed_obj)},
    {MP_ROM_QSTR(MP_QSTR_random), MP_ROM_PTR(&random_obj)},
    {MP_ROM_QSTR(MP_QSTR_getrandbits), MP_ROM_PTR(&getrandbits_obj)},
    {MP_ROM_QSTR(MP_QSTR_getstate), MP_ROM_PTR(&getstate_obj)},
    {MP_ROM_QSTR(MP_QSTR_setstate), MP_ROM_PTR(&setstate_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    twister_type, MP_QSTR_Twister, MP_TYPE_FLAG_NONE, make_new, make_new, locals_dict, &locals);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__random)},
    {MP_ROM_QSTR(MP_QSTR_Twister), MP_ROM_PTR(&twister_type)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t mp_module_twister = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__random, mp_module_twister);
