// decompress.c - decompress(), decompressobj() and what that returns.

#include "module.h"

#define FIRST 16384 // bytes of room, at first

typedef struct {
    mp_obj_base_t base;
    z_stream stream;
    mp_obj_t unused_data;     // behind the end of the stream
    mp_obj_t unconsumed_tail; // input for which max_length left no room
    mp_obj_t dictionary;
    bool eof;
} object_t;

static object_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

static int use_dictionary(object_t *self) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(self->dictionary, &info, MP_BUFFER_READ);
    return inflateSetDictionary(&self->stream, info.buf, info.len);
}

// Inflates until the input or the room is used up; answers Z_NEED_DICT once.
static int run(object_t *self, int flush, vstr_t *out, size_t most) {
    int code;
    do {
        code = zlib_step(&self->stream, inflate, flush, out, most - out->len);
        if (code == Z_NEED_DICT && self->dictionary != mp_const_none) {
            code = use_dictionary(self);
            if (code != Z_OK) {
                zlib_raise(&self->stream, code, "while setting zdict");
            }
            continue;
        }
        if (code != Z_OK && code != Z_BUF_ERROR) {
            break;
        }
    } while (out->len < most && (self->stream.avail_out == 0 || (code == Z_OK && self->stream.avail_in > 0)));
    return code;
}

// decompress(data, /, wbits=15, bufsize=16384)
static mp_obj_t decompress_data(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_wbits, MP_ARG_INT, {.u_int = MAX_WBITS}},
        {MP_QSTR_bufsize, MP_ARG_INT, {.u_int = FIRST}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args - 1, args + 1, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    if (value[1].u_int < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("bufsize must be non-negative"));
    }
    object_t self = {.dictionary = mp_const_none};
    zlib_stream_init(&self.stream);
    zlib_input(&self.stream, args[0]);
    int code = inflateInit2(&self.stream, value[0].u_int);
    if (code != Z_OK) {
        zlib_raise(&self.stream, code, "while preparing to decompress data");
    }
    vstr_t out;
    vstr_init(&out, MAX(1, value[1].u_int));
    code = run(&self, Z_SYNC_FLUSH, &out, SIZE_MAX);
    if (code != Z_STREAM_END) {
        zlib_raise(&self.stream, code == Z_OK ? Z_BUF_ERROR : code, "while decompressing data");
    }
    inflateEnd(&self.stream);
    return mp_obj_new_bytes_from_vstr(&out);
}
MP_DEFINE_CONST_FUN_OBJ_KW(zlib_decompress_obj, 1, decompress_data);

// decompressobj(wbits=15[, zdict])
static mp_obj_t decompressobj(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {
        {MP_QSTR_wbits, MP_ARG_INT, {.u_int = MAX_WBITS}},
        {MP_QSTR_zdict, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_NONE}},
    };
    mp_arg_val_t value[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, args, keywords, MP_ARRAY_SIZE(allowed), allowed, value);
    object_t *self = mp_obj_malloc(object_t, &zlib_decompress_type);
    zlib_stream_init(&self->stream);
    self->unused_data = self->unconsumed_tail = mp_const_empty_bytes;
    self->dictionary = value[1].u_obj;
    self->eof = false;
    mp_buffer_info_t info;
    if (self->dictionary != mp_const_none && !mp_get_buffer(self->dictionary, &info, MP_BUFFER_READ)) {
        mp_raise_TypeError(MP_ERROR_TEXT("zdict argument must support the buffer protocol"));
    }
    int code = inflateInit2(&self->stream, value[0].u_int);
    if (code == Z_OK && self->dictionary != mp_const_none && value[0].u_int < 0) {
        code = use_dictionary(self); // a raw stream does not request it
    }
    if (code == Z_STREAM_ERROR) {
        mp_raise_ValueError(MP_ERROR_TEXT("Invalid initialization option"));
    }
    if (code != Z_OK) {
        zlib_raise(&self->stream, code, "while creating decompression object");
    }
    return MP_OBJ_FROM_PTR(self);
}
MP_DEFINE_CONST_FUN_OBJ_KW(zlib_decompressobj_obj, 0, decompressobj);

static mp_obj_t joined(mp_obj_t first, const byte *data, size_t length) {
    return mp_binary_op(MP_BINARY_OP_ADD, first, mp_obj_new_bytes(data, length));
}

static void keep_rest(object_t *self, int code) {
    z_stream *stream = &self->stream;
    if (code == Z_STREAM_END) {
        self->eof = true;
        if (stream->avail_in > 0) {
            self->unused_data = joined(self->unused_data, stream->next_in, stream->avail_in);
            stream->avail_in = 0;
        }
    }
    self->unconsumed_tail =
        stream->avail_in > 0 ? mp_obj_new_bytes(stream->next_in, stream->avail_in) : mp_const_empty_bytes;
    stream->avail_in = 0;
}

// decompress(data, /, max_length=0)
static mp_obj_t decompress_piece(size_t n_args, const mp_obj_t *args, mp_map_t *keywords) {
    static const mp_arg_t allowed[] = {{MP_QSTR_max_length, MP_ARG_OBJ, {.u_rom_obj = MP_ROM_INT(0)}}};
    mp_arg_val_t value;
    mp_arg_parse_all(n_args - 2, args + 2, keywords, 1, allowed, &value);
    object_t *self = self_of(args[0]);
    mp_int_t most = mp_obj_get_int(value.u_obj);
    if (most < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("max_length must be non-negative"));
    }
    zlib_input(&self->stream, args[1]);
    vstr_t out;
    vstr_init(&out, most == 0 ? FIRST : MAX(1, MIN(most, FIRST)));
    int code = run(self, Z_SYNC_FLUSH, &out, most == 0 ? SIZE_MAX : (size_t)most);
    keep_rest(self, code);
    if (code != Z_STREAM_END && code != Z_OK && code != Z_BUF_ERROR) {
        zlib_raise(&self->stream, code, "while decompressing data");
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(decompress_piece_obj, 2, decompress_piece);

static mp_obj_t flush(size_t n_args, const mp_obj_t *args) {
    object_t *self = self_of(args[0]);
    mp_int_t length = n_args > 1 ? mp_obj_get_int(args[1]) : FIRST;
    if (length <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("length must be greater than zero"));
    }
    zlib_input(&self->stream, self->unconsumed_tail);
    vstr_t out;
    vstr_init(&out, MIN(length, FIRST));
    int code = run(self, Z_FINISH, &out, SIZE_MAX);
    keep_rest(self, code);
    if (code == Z_STREAM_END) {
        inflateEnd(&self->stream);
    } else if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_ERROR) {
        zlib_raise(&self->stream, code, "while decompressing data");
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flush_obj, 1, 2, flush);

static mp_obj_t copy(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    object_t *self = self_of(args[0]);
    object_t *made = mp_obj_malloc(object_t, &zlib_decompress_type);
    *made = *self;
    zlib_stream_init(&made->stream);
    int code = inflateCopy(&made->stream, &self->stream);
    if (code == Z_STREAM_ERROR) {
        mp_raise_ValueError(MP_ERROR_TEXT("Inconsistent stream state"));
    }
    if (code != Z_OK) {
        zlib_raise(&made->stream, code, "while copying decompression object");
    }
    return MP_OBJ_FROM_PTR(made);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(copy_obj, 1, 2, copy);

static void attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    object_t *self = self_of(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // none can be set
    }
    if (name == MP_QSTR_unused_data) {
        dest[0] = self->unused_data;
    } else if (name == MP_QSTR_unconsumed_tail) {
        dest[0] = self->unconsumed_tail;
    } else if (name == MP_QSTR_eof) {
        dest[0] = mp_obj_new_bool(self->eof);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // a method
    }
}

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_decompress), MP_ROM_PTR(&decompress_piece_obj)},
    {MP_ROM_QSTR(MP_QSTR_flush), MP_ROM_PTR(&flush_obj)},
    {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___copy__), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR___deepcopy__), MP_ROM_PTR(&copy_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    zlib_decompress_type, MP_QSTR_Decompress, MP_TYPE_FLAG_NONE, attr, attribute, locals_dict, &locals);
