// modjson.c - the module json as C has it: loads, load, dumps, dump, and what stack/std/json builds CPython's classes
// on: decode() and encode() with every option. Takes the place of MicroPython's, which accepts what is no JSON.

#include <string.h>

#include "json.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "py/unicode.h"

#if MICROPY_PY_JSON

static mp_obj_t given(mp_obj_t value) {
    return value == mp_const_none ? MP_OBJ_NULL : value;
}

// str, or bytes in UTF-8.
static void set_document(struct json_reader *reader, mp_obj_t document) {
    mp_buffer_info_t info;
    if (!mp_get_buffer(document, &info, MP_BUFFER_READ)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("the JSON object must be str, bytes or bytearray, not %s"),
            mp_obj_get_type_str(document));
    }
    reader->document = document;
    reader->start = reader->s = info.buf;
    reader->top = reader->s + info.len;
    if (!mp_obj_is_str(mp_obj_native_part(document)) && !utf8_check(info.buf, info.len)) {
        mp_raise_msg(&mp_type_UnicodeError, NULL);
    }
}

static void refuse_rest(struct json_reader *reader) {
    json_skip_space(reader);
    if (reader->s < reader->top) {
        json_fail(reader, "Extra data", reader->s);
    }
}

// decode(document, start, whole, strict, error, object_hook, pairs_hook, parse_float, parse_int, parse_constant): the
// value, or, unless it must be the whole document, the value and the index behind it. `start` counts bytes.
static mp_obj_t json_decode(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    struct json_reader reader = {
        .strict = mp_obj_is_true(args[3]),
        .error = given(args[4]),
        .object_hook = given(args[5]),
        .pairs_hook = given(args[6]),
        .parse_float = given(args[7]),
        .parse_int = given(args[8]),
        .parse_constant = given(args[9]),
    };
    set_document(&reader, args[0]);
    mp_int_t start = mp_obj_get_int(args[1]);
    for (; start > 0 && reader.s < reader.top; start--) {
        reader.s = utf8_next_char(reader.s);
    }
    bool whole = mp_obj_is_true(args[2]);
    mp_obj_t value = json_read(&reader);
    if (whole) {
        refuse_rest(&reader);
        return value;
    }
    size_t end = utf8_charlen(reader.start, (size_t)(reader.s - reader.start));
    mp_obj_t pair[] = {value, MP_OBJ_NEW_SMALL_INT(end)};
    return mp_obj_new_tuple(2, pair);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(json_decode_obj, 10, 10, json_decode);

static mp_obj_t encode(mp_obj_t value, struct json_writer writer) {
    vstr_t out;
    vstr_init(&out, 32);
    writer.out = &out;
    json_write(&writer, value);
    return mp_obj_new_str_from_utf8_vstr(&out);
}

// encode(value, item_separator, key_separator, indent, default, ensure_ascii, sort_keys, skipkeys, allow_nan)
static mp_obj_t json_encode(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    struct json_writer writer = {
        .fallback = given(args[4]),
        .ascii = mp_obj_is_true(args[5]),
        .sort_keys = mp_obj_is_true(args[6]),
        .skip_keys = mp_obj_is_true(args[7]),
        .allow_nan = mp_obj_is_true(args[8]),
    };
    writer.item_separator = mp_obj_str_get_data(args[1], &writer.item_size);
    writer.key_separator = mp_obj_str_get_data(args[2], &writer.key_size);
    if (args[3] != mp_const_none) {
        writer.indent = mp_obj_str_get_data(args[3], &writer.indent_size);
    }
    return encode(args[0], writer);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(json_encode_obj, 9, 9, json_encode);

static mp_obj_t json_loads(mp_obj_t document) {
    struct json_reader reader = {.strict = true};
    set_document(&reader, document);
    mp_obj_t value = json_read(&reader);
    refuse_rest(&reader);
    return value;
}
static MP_DEFINE_CONST_FUN_OBJ_1(json_loads_obj, json_loads);

static mp_obj_t json_load(mp_obj_t stream) {
    mp_obj_t method[2];
    mp_load_method(stream, MP_QSTR_read, method);
    return json_loads(mp_call_method_n_kw(0, 0, method));
}
static MP_DEFINE_CONST_FUN_OBJ_1(json_load_obj, json_load);

static mp_obj_t dumps(mp_obj_t value, size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    static const mp_arg_t allowed[] = {{MP_QSTR_separators, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE}}};
    mp_arg_val_t values[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, args, kwargs, MP_ARRAY_SIZE(allowed), allowed, values);
    struct json_writer writer = {.item_separator = ", ", .key_separator = ": ", .ascii = true, .allow_nan = true};
    writer.item_size = writer.key_size = 2;
    if (values[0].u_obj != mp_const_none) {
        mp_obj_t *separators;
        mp_obj_get_array_fixed_n(values[0].u_obj, 2, &separators);
        writer.item_separator = mp_obj_str_get_data(separators[0], &writer.item_size);
        writer.key_separator = mp_obj_str_get_data(separators[1], &writer.key_size);
    }
    return encode(value, writer);
}

static mp_obj_t json_dumps(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    return dumps(args[0], n_args - 1, args + 1, kwargs);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(json_dumps_obj, 1, json_dumps);

static mp_obj_t json_dump(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    mp_obj_t method[3];
    mp_load_method(args[1], MP_QSTR_write, method);
    method[2] = dumps(args[0], n_args - 2, args + 2, kwargs);
    mp_call_method_n_kw(1, 0, method);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_KW(json_dump_obj, 2, json_dump);

static const mp_rom_map_elem_t json_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_json)},
    {MP_ROM_QSTR(MP_QSTR_decode), MP_ROM_PTR(&json_decode_obj)},
    {MP_ROM_QSTR(MP_QSTR_dump), MP_ROM_PTR(&json_dump_obj)},
    {MP_ROM_QSTR(MP_QSTR_dumps), MP_ROM_PTR(&json_dumps_obj)},
    {MP_ROM_QSTR(MP_QSTR_encode), MP_ROM_PTR(&json_encode_obj)},
    {MP_ROM_QSTR(MP_QSTR_load), MP_ROM_PTR(&json_load_obj)},
    {MP_ROM_QSTR(MP_QSTR_loads), MP_ROM_PTR(&json_loads_obj)},
};
static MP_DEFINE_CONST_DICT(json_globals, json_globals_table);

const mp_obj_module_t mp_module_json = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&json_globals,
};

MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_json, mp_module_json);

#endif // MICROPY_PY_JSON
