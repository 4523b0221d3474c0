// compress.c - compress(), compressobj() and what that returns.

#include "module.h"

#define FIRST 16384 // bytes of room, at first; what is stored without compression is cut by it, as in CPython

typedef struct {
    mp_obj_base_t base;
    z_stream stream;
} object_t;

static object_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

// Returns all output for the input.
static mp_obj_t run(z_stream *stream, int flush) {
    vstr_t out;
    vstr_init(&out, FIRST);
    int code;
    do {
        code = zlib_step(stream, deflate, flush, &out, SIZE_MAX);
        if (code == Z_STREAM_ERROR) {
            zlib_raise(stream, code, flush == Z_NO_FLUSH ? "while compressing data" : "while flushing");
        }
    } while (stream->avail_out == 0);
    if (flush == Z_FINISH && code == Z_STREAM_END) {
        code = deflateEnd(stream);
        if (code != Z_OK) {
            zlib_raise(stream, code, "while finishing compression");
        }
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        zlib_raise(stream, code, flush == Z_NO_FLUSH ? "while compressing data" : "while flushing");
    }
    return mp_obj_new_bytes_from_vstr(&out);
}

// compress(data, /, level=-1, wbits=15)
static mp_obj_t compress_data(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_level, MP_ARG_INT, {.u_int = Z_DEFAULT_COMPRESSION}},
        {MP_QSTR_wbits, MP_ARG_INT, {.u_int = MAX_WBITS}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args - 1, args + 1, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    z_stream stream;
    zlib_stream_init(&stream);
    zlib_input(&stream, args[0]);
    int code = deflateInit2(&stream, value[0].u_int, Z_DEFLATED, value[1].u_int, 8, Z_DEFAULT_STRATEGY);
    if (code == Z_STREAM_ERROR) {
        mp_raise_msg(&zlib_error_type, MP_ERROR_TEXT("Bad compression level"));
    }
    if (code != Z_OK) {
        zlib_raise(&stream, code, "while compressing data");
    }
    return run(&stream, Z_FINISH);
}
MP_DEFINE_CONST_FUN_OBJ_KW(zlib_compress_obj, 1, compress_data);

enum { LEVEL, METHOD, WBITS, MEMORY, STRATEGY, DICTIONARY, ARGUMENTS };

// compressobj(level=-1, method=DEFLATED, wbits=15, memLevel=8, strategy=0[, zdict])
static mp_obj_t compressobj(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        [LEVEL] = {MP_QSTR_level, MP_ARG_INT, {.u_int = Z_DEFAULT_COMPRESSION}},
        [METHOD] = {MP_QSTR_method, MP_ARG_INT, {.u_int = Z_DEFLATED}},
        [WBITS] = {MP_QSTR_wbits, MP_ARG_INT, {.u_int = MAX_WBITS}},
        [MEMORY] = {MP_QSTR_memLevel, MP_ARG_INT, {.u_int = 8}},
        [STRATEGY] = {MP_QSTR_strategy, MP_ARG_INT, {.u_int = Z_DEFAULT_STRATEGY}},
        [DICTIONARY] = {MP_QSTR_zdict, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE}},
    };
    mp_arg_val_t value[ARGUMENTS];
    mp_arg_parse_all(n_args, args, keywords, ARGUMENTS, allowed, value);
    object_t *self = mp_obj_malloc(object_t, &zlib_compress_type);
    zlib_stream_init(&self->stream);
    int code = deflateInit2(&self->stream, value[LEVEL].u_int, value[METHOD].u_int, value[WBITS].u_int,
        value[MEMORY].u_int, value[STRATEGY].u_int);
    if (code == Z_OK && value[DICTIONARY].u_obj != mp_const_none) {
        mp_buffer_info_t info;
        mp_get_buffer_raise(value[DICTIONARY].u_obj, &info, MP_BUFFER_READ);
        if (deflateSetDictionary(&self->stream, info.buf, info.len) != Z_OK) {
            mp_raise_ValueError(MP_ERROR_TEXT("Invalid dictionary"));
        }
    }
    if (code == Z_STREAM_ERROR) {
        mp_raise_ValueError(MP_ERROR_TEXT("Invalid initialization option"));
    }
    if (code != Z_OK) {
        zlib_raise(&self->stream, code, "while creating compression object");
    }
    return MP_OBJ_FROM_PTR(self);
}
MP_DEFINE_CONST_FUN_OBJ_KW(zlib_compressobj_obj, 0, compressobj);

static mp_obj_t compress_piece(mp_obj_t self, mp_obj_t data) {
    zlib_input(&self_of(self)->stream, data);
    return run(&self_of(self)->stream, Z_NO_FLUSH);
}
static MP_DEFINE_CONST_FUN_OBJ_2(compress_piece_obj, compress_piece);

static mp_obj_t flush(size_t n_args, const mp_obj_t *args) {
    int mode = n_args > 1 ? mp_obj_get_int(args[1]) : Z_FINISH;
    z_stream *stream = &self_of(args[0])->stream;
    stream->avail_in = 0;
    return mode == Z_NO_FLUSH ? mp_const_empty_bytes : run(stream, mode);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flush_obj, 1, 2, flush);

static mp_obj_t copy(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    object_t *made = mp_obj_malloc(object_t, &zlib_compress_type);
    zlib_stream_init(&made->stream);
    int code = deflateCopy(&made->stream, &self_of(args[0])->stream);
    if (code == Z_STREAM_ERROR) {
        mp_raise_ValueError(MP_ERROR_TEXT("Inconsistent stream state"));
    }
    if (code != Z_OK) {
        zlib_raise(&made->stream, code, "while copying compression object");
    }
    return MP_OBJ_FROM_PTR(made);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(copy_obj, 1, 2, copy);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_compress), MP_ROM_PTR(&compress_piece_obj)},
    {MP_ROM_QSTR(MP_QSTR_flush), MP_ROM_PTR(&flush_obj)},
    {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___copy__), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___deepcopy__), MP_ROM_PTR(&copy_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(zlib_compress_type, MP_QSTR_Compress, MP_TYPE_FLAG_NONE, locals_dict, &locals);
