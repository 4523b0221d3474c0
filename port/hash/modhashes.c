// modhashes.c - the module `_hashes`, which stack/std/hashlib.py and hmac.py build on.

#include <string.h>

#include "py/objint.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "hash.h"

typedef struct {
    mp_obj_base_t base;
    hash_t hash;
} object_t;

static const mp_obj_type_t hash_type;
static const mp_obj_type_t blake2b_type;
static const mp_obj_type_t blake2s_type;

static object_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

static void bytes_of(mp_obj_t data, mp_buffer_info_t *info) {
    if (mp_obj_is_str(mp_obj_native_part(data))) {
        mp_raise_TypeError(MP_ERROR_TEXT("Strings must be encoded before hashing"));
    }
    if (!mp_get_buffer(data, info, MP_BUFFER_READ)) {
        mp_raise_TypeError(MP_ERROR_TEXT("object supporting the buffer API required"));
    }
}

static mp_obj_t update(mp_obj_t self, mp_obj_t data) {
    mp_buffer_info_t info;
    bytes_of(data, &info);
    hash_update(&self_of(self)->hash, info.buf, info.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(update_obj, update);

// new(name, data=b""): ValueError if there is no hash function of that name.
static mp_obj_t new(size_t n_args, const mp_obj_t *args) {
    size_t length;
    const char *name = mp_obj_str_get_data(args[0], &length);
    const hash_kind_t *kind = hash_kind(name, length);
    if (kind == NULL) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("unsupported hash type %s"), name);
    }
    object_t *self = mp_obj_malloc(object_t, &hash_type);
    hash_init(&self->hash, kind);
    if (n_args > 1) {
        update(MP_OBJ_FROM_PTR(self), args[1]);
    }
    return MP_OBJ_FROM_PTR(self);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(new_obj, 1, 2, new);

static mp_obj_t copy(mp_obj_t self_in) {
    object_t *self = self_of(self_in);
    object_t *made = mp_obj_malloc(object_t, self->base.type);
    made->hash = self->hash;
    return MP_OBJ_FROM_PTR(made);
}
static MP_DEFINE_CONST_FUN_OBJ_1(copy_obj, copy);

// The digest at the end of a string with `a_byte` letters for each of its bytes.
static byte *digest_into(size_t n_args, const mp_obj_t *args, vstr_t *out, size_t a_byte) {
    const hash_t *hash = &self_of(args[0])->hash;
    size_t size = hash->digest_size;
    if (size == 0) {
        mp_int_t wanted = n_args > 1 ? mp_obj_get_int(args[1]) : -1;
        if (n_args < 2) {
            mp_raise_TypeError(MP_ERROR_TEXT("digest() missing required argument 'length' (pos 1)"));
        }
        if (wanted < 0 || wanted >= 1 << 29) {
            mp_raise_ValueError(MP_ERROR_TEXT("value must be positive and less than 2**29"));
        }
        size = wanted;
    } else if (n_args > 1) {
        mp_raise_TypeError(MP_ERROR_TEXT("digest() takes no arguments (1 given)"));
    }
    vstr_init_len(out, size * a_byte);
    byte *digest = (byte *)out->buf + size * (a_byte - 1);
    hash_digest(hash, digest, size);
    return digest;
}

static mp_obj_t digest(size_t n_args, const mp_obj_t *args) {
    vstr_t out;
    digest_into(n_args, args, &out, 1);
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(digest_obj, 1, 2, digest);

static mp_obj_t hexdigest(size_t n_args, const mp_obj_t *args) {
    vstr_t out;
    const byte *from = digest_into(n_args, args, &out, 2);
    for (size_t i = 0; i < out.len; i += 2) {
        byte value = *from++;
        out.buf[i] = "0123456789abcdef"[value >> 4];
        out.buf[i + 1] = "0123456789abcdef"[value & 15];
    }
    return mp_obj_new_str_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(hexdigest_obj, 1, 2, hexdigest);

static void attribute(mp_obj_t self, qstr name, mp_obj_t *dest) {
    const hash_t *hash = &self_of(self)->hash;
    if (dest[0] != MP_OBJ_NULL) {
        return; // none can be set
    }
    if (name == MP_QSTR_digest_size) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(hash->digest_size);
    } else if (name == MP_QSTR_block_size) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(hash->kind->block_size);
    } else if (name == MP_QSTR_name) {
        dest[0] = mp_obj_new_str_from_cstr(hash->kind->name);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // a method
    }
}

static void print(const mp_print_t *print, mp_obj_t self, mp_print_kind_t kind) {
    (void)kind;
    mp_printf(print, "<%s %q object @ %p>", self_of(self)->hash.kind->name, mp_obj_get_type(self)->name, self_of(self));
}

// BLAKE2 --------------------------------------------------------------------------------------------------------------

static uint64_t bounded(mp_obj_t value, const char *name, uint64_t least, uint64_t most) {
    if (!mp_obj_is_int(value)) {
        value = MP_OBJ_NEW_SMALL_INT(mp_obj_get_int(value)); // a subclass, or TypeError
    }
    mp_obj_t low = mp_obj_new_int_from_ull(least), high = mp_obj_new_int_from_ull(most);
    if (mp_obj_is_true(mp_binary_op(MP_BINARY_OP_LESS, value, low))
        || mp_obj_is_true(mp_binary_op(MP_BINARY_OP_MORE, value, high))) {
        mp_raise_msg_varg(
            &mp_type_ValueError, MP_ERROR_TEXT("%s must be between %d and %d"), name, (int)least, (int)most);
    }
    if (mp_obj_is_small_int(value)) {
        return MP_OBJ_SMALL_INT_VALUE(value);
    }
    byte bytes[8];
    mp_obj_int_to_bytes_impl(value, false, sizeof(bytes), bytes);
    return load64(bytes, 0);
}

static void put(byte *at, uint64_t number, size_t size) {
    for (size_t i = 0; i < size; i++, number >>= 8) {
        at[i] = number;
    }
}

static void put_bytes(byte *at, mp_obj_t data, const char *name, size_t most) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(data, &info, MP_BUFFER_READ);
    if (info.len > most) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("maximum %s length is %d bytes"), name, (int)most);
    }
    memcpy(at, info.buf, info.len);
}

enum { SIZE, KEY, SALT, PERSON, FANOUT, DEPTH, LEAF, OFFSET, NODE_DEPTH, INNER, LAST, SECURITY, ARGUMENTS };

// blake2b(data=b"", /, *, digest_size=64, key=b"", salt=b"" ...): the parameter block of RFC 7693 2.5, then the key.
static mp_obj_t blake2_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    static const mp_arg_t allowed[] = {
        [SIZE] = {MP_QSTR_digest_size, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE}},
        [KEY] = {MP_QSTR_key, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_PTR(&mp_const_empty_bytes_obj)}},
        [SALT] = {MP_QSTR_salt, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_PTR(&mp_const_empty_bytes_obj)}},
        [PERSON] = {MP_QSTR_person, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_PTR(&mp_const_empty_bytes_obj)}},
        [FANOUT] = {MP_QSTR_fanout, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(1)}},
        [DEPTH] = {MP_QSTR_depth, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(1)}},
        [LEAF] = {MP_QSTR_leaf_size, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        [OFFSET] = {MP_QSTR_node_offset, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        [NODE_DEPTH] = {MP_QSTR_node_depth, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        [INNER] = {MP_QSTR_inner_size, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}},
        [LAST] = {MP_QSTR_last_node, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = false}},
        [SECURITY] = {MP_QSTR_usedforsecurity, MP_ARG_KW_ONLY | MP_ARG_BOOL, {.u_bool = true}},
    };
    mp_arg_check_num(n_args, n_kw, 0, 1, true);
    mp_arg_val_t value[ARGUMENTS];
    mp_map_t keywords;
    mp_map_init_fixed_table(&keywords, n_kw, args + n_args);
    mp_arg_parse_all(0, NULL, &keywords, ARGUMENTS, allowed, value);

    bool is_b = type == &blake2b_type;
    size_t most = is_b ? 64 : 32, half = most / 4; // half: of the salt and of the person
    byte parameters[64] = {0}, key[128] = {0};
    mp_buffer_info_t info;
    mp_obj_t size = value[SIZE].u_obj == mp_const_none ? MP_OBJ_NEW_SMALL_INT(most) : value[SIZE].u_obj;
    parameters[0] = bounded(size, "digest_size", 1, most);
    mp_get_buffer_raise(value[KEY].u_obj, &info, MP_BUFFER_READ);
    put_bytes(key, value[KEY].u_obj, "key", most);
    parameters[1] = info.len;
    parameters[2] = bounded(value[FANOUT].u_obj, "fanout", 0, 255);
    parameters[3] = bounded(value[DEPTH].u_obj, "depth", 1, 255);
    put(parameters + 4, bounded(value[LEAF].u_obj, "leaf_size", 0, UINT32_MAX), 4);
    put(parameters + 8, bounded(value[OFFSET].u_obj, "node_offset", 0, is_b ? UINT64_MAX : (1ull << 48) - 1),
        is_b ? 8 : 6);
    parameters[is_b ? 16 : 14] = bounded(value[NODE_DEPTH].u_obj, "node_depth", 0, 255);
    parameters[is_b ? 17 : 15] = bounded(value[INNER].u_obj, "inner_size", 0, most);
    put_bytes(parameters + most - 2 * half, value[SALT].u_obj, "salt", half);
    put_bytes(parameters + most - half, value[PERSON].u_obj, "person", half);

    object_t *self = mp_obj_malloc(object_t, type);
    blake2_init(&self->hash, is_b ? &hash_blake2b : &hash_blake2s, parameters);
    self->hash.last_node = value[LAST].u_bool;
    if (parameters[1] > 0) {
        hash_update(&self->hash, key, self->hash.kind->block_size);
    }
    if (n_args > 0) {
        update(MP_OBJ_FROM_PTR(self), args[0]);
    }
    return MP_OBJ_FROM_PTR(self);
}

// PBKDF2 --------------------------------------------------------------------------------------------------------------

// HMAC of `message` in place: `inner` and `outer` have taken in their keys.
static void hmac(const hash_t *inner, const hash_t *outer, byte *message, size_t size) {
    hash_t hash = *inner;
    hash_update(&hash, message, size);
    hash_digest(&hash, message, size);
    hash = *outer;
    hash_update(&hash, message, size);
    hash_digest(&hash, message, size);
}

// The key's block, which hash_update() has left waiting. Not of BLAKE2.
static hash_t settled(const hash_t *hash) {
    hash_t copy = *hash;
    if (copy.used == copy.kind->block_size) {
        hash_compress(&copy, copy.block);
        copy.used = 0;
    }
    return copy;
}

// pbkdf2(inner, outer, u, t, count): `count` iterations of RFC 8018 5.2: u = HMAC(u), t ^= u.
static mp_obj_t pbkdf2(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    if (!mp_obj_is_type(args[0], &hash_type) || !mp_obj_is_type(args[1], &hash_type)) {
        mp_raise_TypeError(MP_ERROR_TEXT("two hashes are needed"));
    }
    const hash_t *inner = &self_of(args[0])->hash, *outer = &self_of(args[1])->hash;
    size_t size = inner->digest_size;
    mp_buffer_info_t u, t;
    mp_get_buffer_raise(args[2], &u, MP_BUFFER_WRITE);
    mp_get_buffer_raise(args[3], &t, MP_BUFFER_WRITE);
    if (size == 0 || outer->kind != inner->kind || u.len != size || t.len != size) {
        mp_raise_ValueError(MP_ERROR_TEXT("sizes differ"));
    }
    hash_t first = settled(inner), last = settled(outer);
    for (mp_int_t count = mp_obj_get_int(args[4]); count > 0; count--) {
        hmac(&first, &last, u.buf, size);
        for (size_t i = 0; i < size; i++) {
            ((byte *)t.buf)[i] ^= ((byte *)u.buf)[i];
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(pbkdf2_obj, 5, 5, pbkdf2);

// Comparison ----------------------------------------------------------------------------------------------------------

static bool is_text(mp_obj_t value, mp_buffer_info_t *info) {
    mp_obj_t text = mp_obj_is_str(value) ? value : mp_obj_cast_to_native_base(value, MP_OBJ_FROM_PTR(&mp_type_str));
    if (text == MP_OBJ_NULL || !mp_obj_is_str(text)) {
        return false;
    }
    info->buf = (void *)mp_obj_str_get_data(text, &info->len);
    for (size_t i = 0; i < info->len; i++) {
        if (((byte *)info->buf)[i] >= 0x80) {
            mp_raise_TypeError(MP_ERROR_TEXT("comparing strings with non-ASCII characters is not supported"));
        }
    }
    return true;
}

// compare_digest(a, b): in a time that depends on the length of b alone.
static mp_obj_t compare_digest(mp_obj_t a_in, mp_obj_t b_in) {
    mp_buffer_info_t a, b;
    bool a_is_text = is_text(a_in, &a), b_is_text = is_text(b_in, &b);
    if (!a_is_text || !b_is_text) {
        bool a_has_bytes = !a_is_text && mp_get_buffer(a_in, &a, MP_BUFFER_READ);
        bool b_has_bytes = !b_is_text && mp_get_buffer(b_in, &b, MP_BUFFER_READ);
        if (!a_has_bytes && !b_has_bytes) {
            mp_raise_msg_varg(&mp_type_TypeError,
                MP_ERROR_TEXT("unsupported operand types(s) or combination of types: '%s' and '%s'"),
                mp_obj_get_type_str(a_in), mp_obj_get_type_str(b_in));
        }
        if (!a_has_bytes || !b_has_bytes) {
            mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("a bytes-like object is required, not '%s'"),
                mp_obj_get_type_str(a_has_bytes ? b_in : a_in));
        }
    }
    const volatile byte *left = a.len == b.len ? a.buf : b.buf, *right = b.buf;
    volatile byte differences = a.len != b.len;
    for (size_t i = 0; i < b.len; i++) {
        differences |= left[i] ^ right[i];
    }
    return mp_obj_new_bool(differences == 0);
}
static MP_DEFINE_CONST_FUN_OBJ_2(compare_digest_obj, compare_digest);

static const mp_rom_map_elem_t hash_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_update), MP_ROM_PTR(&update_obj)},
    {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR_digest), MP_ROM_PTR(&digest_obj)},
    {MP_ROM_QSTR(MP_QSTR_hexdigest), MP_ROM_PTR(&hexdigest_obj)},
};
static MP_DEFINE_CONST_DICT(hash_locals, hash_locals_table);

#define BLAKE2_LOCALS(size)                                                                                            \
    {MP_ROM_QSTR(MP_QSTR_update), MP_ROM_PTR(&update_obj)}, {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&copy_obj)},        \
        {MP_ROM_QSTR(MP_QSTR_digest), MP_ROM_PTR(&digest_obj)},                                                        \
        {MP_ROM_QSTR(MP_QSTR_hexdigest), MP_ROM_PTR(&hexdigest_obj)},                                                  \
        {MP_ROM_QSTR(MP_QSTR_MAX_DIGEST_SIZE), MP_ROM_INT(size)},                                                      \
        {MP_ROM_QSTR(MP_QSTR_MAX_KEY_SIZE), MP_ROM_INT(size)},                                                         \
        {MP_ROM_QSTR(MP_QSTR_SALT_SIZE), MP_ROM_INT((size) / 4)},                                                      \
        {MP_ROM_QSTR(MP_QSTR_PERSON_SIZE), MP_ROM_INT((size) / 4)},

static const mp_rom_map_elem_t blake2b_locals_table[] = {BLAKE2_LOCALS(64)};
static MP_DEFINE_CONST_DICT(blake2b_locals, blake2b_locals_table);
static const mp_rom_map_elem_t blake2s_locals_table[] = {BLAKE2_LOCALS(32)};
static MP_DEFINE_CONST_DICT(blake2s_locals, blake2s_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    hash_type, MP_QSTR_HASH, MP_TYPE_FLAG_NONE, print, print, attr, attribute, locals_dict, &hash_locals);
static MP_DEFINE_CONST_OBJ_TYPE(blake2b_type, MP_QSTR_blake2b, MP_TYPE_FLAG_NONE, make_new, blake2_make_new, print,
    print, attr, attribute, locals_dict, &blake2b_locals);
static MP_DEFINE_CONST_OBJ_TYPE(blake2s_type, MP_QSTR_blake2s, MP_TYPE_FLAG_NONE, make_new, blake2_make_new, print,
    print, attr, attribute, locals_dict, &blake2s_locals);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__hashes)},
    {MP_ROM_QSTR(MP_QSTR_HASH), MP_ROM_PTR(&hash_type)},
    {MP_ROM_QSTR(MP_QSTR_blake2b), MP_ROM_PTR(&blake2b_type)},
    {MP_ROM_QSTR(MP_QSTR_blake2s), MP_ROM_PTR(&blake2s_type)},
    {MP_ROM_QSTR(MP_QSTR_new), MP_ROM_PTR(&new_obj)},
    {MP_ROM_QSTR(MP_QSTR_pbkdf2), MP_ROM_PTR(&pbkdf2_obj)},
    {MP_ROM_QSTR(MP_QSTR_compare_digest), MP_ROM_PTR(&compare_digest_obj)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t mp_module_hashes = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__hashes, mp_module_hashes);
