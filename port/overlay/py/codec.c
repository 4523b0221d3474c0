// codec.c - encodings by their names, and errors: str.encode(), bytes.decode() and what takes an encoding besides.

#include <string.h>

#include "py/codec.h"
#include "py/cstack.h"
#include "py/objstr.h"
#include "py/runtime.h"

static const struct {
    const char *name;
    codec_kind_t kind;
} NAMES[] = {
    {"utf-8", CODEC_UTF_8},
    {"ascii", CODEC_ASCII},
    {"latin-1", CODEC_LATIN_1},
    {"utf-16", CODEC_UTF_16},
    {"utf-16-le", CODEC_UTF_16_LE},
    {"utf-16-be", CODEC_UTF_16_BE},
    {"utf-32", CODEC_UTF_32},
    {"utf-32-le", CODEC_UTF_32_LE},
    {"utf-32-be", CODEC_UTF_32_BE},
    {"utf-8-sig", CODEC_UTF_8_SIG}, // up to here by kind
    {"utf8", CODEC_UTF_8},
    {"u8", CODEC_UTF_8},
    {"utf", CODEC_UTF_8},
    {"us-ascii", CODEC_ASCII},
    {"646", CODEC_ASCII},
    {"latin1", CODEC_LATIN_1},
    {"latin", CODEC_LATIN_1},
    {"l1", CODEC_LATIN_1},
    {"iso-8859-1", CODEC_LATIN_1},
    {"iso8859-1", CODEC_LATIN_1},
    {"8859", CODEC_LATIN_1},
    {"cp819", CODEC_LATIN_1},
    {"utf16", CODEC_UTF_16},
    {"utf-16le", CODEC_UTF_16_LE},
    {"utf-16be", CODEC_UTF_16_BE},
    {"utf32", CODEC_UTF_32},
    {"utf-32le", CODEC_UTF_32_LE},
    {"utf-32be", CODEC_UTF_32_BE},
};

static const char *const ERRORS[] = {
    "strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape", "surrogatepass"};

const char *codec_name(codec_kind_t kind) {
    return NAMES[kind].name;
}

// Whether it is the name, whatever its case and with `_` or a blank for `-`.
static bool is_name(const char *text, size_t length, const char *name) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i] == '_' || text[i] == ' ' ? '-' : unichar_tolower((byte)text[i]);
        if (c != name[i]) { // at the end of the name, too
            return false;
        }
    }
    return name[length] == 0;
}

static codec_kind_t kind_of(mp_obj_t encoding) {
    size_t length;
    const char *text = mp_obj_str_get_data(encoding, &length);
    for (size_t i = 0; i < MP_ARRAY_SIZE(NAMES); i++) {
        if (is_name(text, length, NAMES[i].name)) {
            return NAMES[i].kind;
        }
    }
    return CODEC_OTHER;
}

// The module `codecs`, or MP_OBJ_NULL in an image without it.
static mp_obj_t codecs(void) {
    mp_map_elem_t *module =
        mp_map_lookup(&MP_STATE_VM(mp_loaded_modules_dict).map, MP_OBJ_NEW_QSTR(MP_QSTR_codecs), MP_MAP_LOOKUP);
    if (module != NULL) {
        return module->value;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t loaded = mp_import_name(MP_QSTR_codecs, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
        nlr_pop();
        return loaded;
    }
    mp_obj_t error = MP_OBJ_FROM_PTR(nlr.ret_val);
    if (!mp_obj_exception_match(error, MP_OBJ_FROM_PTR(&mp_type_ImportError))) {
        nlr_raise(error);
    }
    return MP_OBJ_NULL;
}

static mp_obj_t in_codecs(qstr name) {
    mp_cstack_check();
    mp_obj_t module = codecs();
    mp_obj_t found[2] = {MP_OBJ_NULL, MP_OBJ_NULL};
    if (module != MP_OBJ_NULL) {
        mp_load_method_maybe(module, name, found);
    }
    return found[0];
}

static codec_errors_t errors_of(mp_obj_t errors, mp_obj_t *handler) {
    if (errors == MP_OBJ_NULL) {
        return CODEC_STRICT;
    }
    size_t length;
    const char *text = mp_obj_str_get_data(errors, &length);
    for (size_t i = 0; i < MP_ARRAY_SIZE(ERRORS); i++) {
        if (length == strlen(ERRORS[i]) && memcmp(text, ERRORS[i], length) == 0) {
            return (codec_errors_t)i;
        }
    }
    *handler = errors; // looked up when there is an error
    return CODEC_CALL;
}

static mp_obj_t error_of(const codec_t *codec, bool decodes, size_t start, size_t end, const char *reason) {
    const char *name = codec_name(codec->kind);
    mp_obj_t args[] = {mp_obj_new_str(name, strlen(name)), codec->object, MP_OBJ_NEW_SMALL_INT(start),
        MP_OBJ_NEW_SMALL_INT(end), mp_obj_new_str(reason, strlen(reason))};
    return mp_obj_new_exception_args(decodes ? &mp_type_UnicodeDecodeError : &mp_type_UnicodeEncodeError, 5, args);
}

// From `start` to `end` is an error that the codec does not deal with itself: raise it, or call its handler. Then
// the replacement, str or bytes, and where to go on.
size_t codec_failed(
    const codec_t *codec, bool decodes, size_t start, size_t end, const char *reason, mp_obj_t *replacement) {
    mp_obj_t error = error_of(codec, decodes, start, end, reason);
    if (codec->errors != CODEC_CALL) {
        nlr_raise(error);
    }
    mp_obj_t lookup = in_codecs(MP_QSTR_lookup_error);
    if (lookup == MP_OBJ_NULL) {
        mp_raise_msg_varg(
            &mp_type_LookupError, MP_ERROR_TEXT("unknown error handler name '%s'"), mp_obj_str_get_str(codec->handler));
    }
    mp_obj_t result = mp_call_function_1(mp_call_function_1(lookup, codec->handler), error);
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(result, 2, &items);
    mp_int_t next = mp_obj_get_int(items[1]), length = MP_OBJ_SMALL_INT_VALUE(mp_obj_len(codec->object));
    next = next < 0 ? next + length : next;
    if (next < 0 || next > length) {
        mp_raise_msg_varg(&mp_type_IndexError, MP_ERROR_TEXT("position %d from error handler out of bounds"),
            (int)mp_obj_get_int(items[1]));
    }
    *replacement = mp_obj_native_part(items[0]);
    if (!mp_obj_is_str(*replacement) && (decodes || !mp_obj_is_type(*replacement, &mp_type_bytes))) {
        mp_raise_TypeError(decodes ? MP_ERROR_TEXT("decoding error handler must return (str, int) tuple")
                                   : MP_ERROR_TEXT("encoding error handler must return (str/bytes, int) tuple"));
    }
    return next;
}

static codec_t begin(mp_obj_t object, mp_obj_t encoding, mp_obj_t errors) {
    codec_t codec = {.object = object, .kind = encoding == MP_OBJ_NULL ? CODEC_UTF_8 : kind_of(encoding)};
    codec.errors = errors_of(errors, &codec.handler);
    return codec;
}

// By a codec of the module `codecs`.
static mp_obj_t other(qstr function, mp_obj_t object, mp_obj_t encoding, mp_obj_t errors) {
    mp_obj_t fun = in_codecs(function);
    if (fun == MP_OBJ_NULL) {
        mp_raise_msg_varg(&mp_type_LookupError, MP_ERROR_TEXT("unknown encoding: %s"), mp_obj_str_get_str(encoding));
    }
    mp_obj_t args[] = {object, encoding, errors};
    return mp_call_function_n_kw(fun, errors == MP_OBJ_NULL ? 2 : 3, 0, args);
}

// The text of bytes, whose object stays theirs: bytes of good UTF-8 are shared.
mp_obj_t mp_codec_decode(mp_obj_t object, mp_obj_t encoding, mp_obj_t errors) {
    mp_buffer_info_t info;
    if (mp_obj_is_str(mp_obj_native_part(object))) {
        mp_raise_TypeError(MP_ERROR_TEXT("decoding str is not supported"));
    }
    if (!mp_get_buffer(object, &info, MP_BUFFER_READ)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("decoding to str: need a bytes-like object, %s found"),
            mp_obj_get_type_str(object));
    }
    codec_t codec = begin(object, encoding, errors);
    if (codec.kind == CODEC_OTHER) {
        return other(MP_QSTR__decode_text, object, encoding, errors);
    }
    if (!mp_obj_is_type(object, &mp_type_bytes)) {
        codec.object = mp_obj_new_bytes(info.buf, info.len); // a handler may change a bytearray
        mp_get_buffer_raise(codec.object, &info, MP_BUFFER_READ);
    }
    if (codec.kind == CODEC_UTF_8 && codec_is_strict_utf8(info.buf, info.len)) {
        qstr known = qstr_find_strn(info.buf, info.len);
        if (known != MP_QSTRnull) {
            return MP_OBJ_NEW_QSTR(known);
        }
        mp_obj_str_t *str = MP_OBJ_TO_PTR(mp_obj_new_str_copy(&mp_type_str, NULL, info.len));
        str->data = info.buf;
        str->hash = qstr_compute_hash(info.buf, info.len);
        return MP_OBJ_FROM_PTR(str);
    }
    vstr_t out;
    vstr_init(&out, info.len + 8);
    codec_read(&codec, info.buf, info.len, &out);
    return mp_obj_new_str_from_utf8_vstr(&out);
}

mp_obj_t mp_codec_encode(mp_obj_t str, mp_obj_t encoding, mp_obj_t errors) {
    codec_t codec = begin(str, encoding, errors);
    if (codec.kind == CODEC_OTHER) {
        return other(MP_QSTR__encode_text, str, encoding, errors);
    }
    size_t length;
    const byte *text = (const byte *)mp_obj_str_get_data(str, &length);
    if (codec.kind == CODEC_UTF_8 && codec_is_strict_utf8(text, length)) {
        mp_obj_str_t *bytes = MP_OBJ_TO_PTR(mp_obj_new_str_copy(&mp_type_bytes, NULL, length));
        bytes->data = text;
        bytes->hash = qstr_compute_hash(text, length);
        return MP_OBJ_FROM_PTR(bytes);
    }
    vstr_t out;
    vstr_init(&out, length + 8);
    codec_write(&codec, text, length, &out);
    return mp_obj_new_bytes_from_vstr(&out);
}
