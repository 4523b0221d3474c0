// modzlib.c - the module `zlib`, as CPython's: memory, errors, checksums, constants.

#include <limits.h>

#include "module.h"
#include "py/gc.h"
#include "py/objexcept.h"
#include "py/objstr.h"

MP_DEFINE_CONST_OBJ_TYPE(zlib_error_type, MP_QSTR_error, MP_TYPE_FLAG_NONE, make_new, mp_obj_exception_make_new, print,
    mp_obj_exception_print, attr, mp_obj_exception_attr, parent, &mp_type_Exception);

static void *allocate(void *opaque, unsigned items, unsigned size) {
    (void)opaque;
    return gc_alloc((size_t)items * size, 0); // NULL: Z_MEM_ERROR
}

static void release(void *opaque, void *block) {
    (void)opaque;
    gc_free(block);
}

void zlib_stream_init(z_stream *stream) {
    *stream = (z_stream) {.zalloc = allocate, .zfree = release};
}

NORETURN void zlib_raise(const z_stream *stream, int code, const char *doing) {
    const char *why = stream->msg;
    if (code == Z_MEM_ERROR) {
        mp_raise_msg(&mp_type_MemoryError, NULL);
    }
    if (code == Z_VERSION_ERROR) {
        why = "library version mismatch";
    } else if (why == NULL) {
        why = code == Z_BUF_ERROR    ? "incomplete or truncated stream"
            : code == Z_STREAM_ERROR ? "inconsistent stream state"
            : code == Z_DATA_ERROR   ? "invalid input data"
                                     : NULL;
    }
    if (why == NULL) {
        mp_raise_msg_varg(&zlib_error_type, MP_ERROR_TEXT("Error %d %s"), code, doing);
    }
    mp_raise_msg_varg(&zlib_error_type, MP_ERROR_TEXT("Error %d %s: %s"), code, doing, why);
}

static void bytes_of(mp_obj_t data, mp_buffer_info_t *info) {
    if (mp_obj_is_str(mp_obj_native_part(data))) {
        mp_raise_TypeError(MP_ERROR_TEXT("a bytes-like object is required, not 'str'"));
    }
    mp_get_buffer_raise(data, info, MP_BUFFER_READ);
}

void zlib_input(z_stream *stream, mp_obj_t data) {
    mp_buffer_info_t info;
    bytes_of(data, &info);
    if (info.len > UINT_MAX) {
        mp_raise_msg(&mp_type_OverflowError, MP_ERROR_TEXT("Size does not fit in an unsigned int"));
    }
    stream->next_in = info.buf;
    stream->avail_in = info.len;
}

int zlib_step(z_stream *stream, int (*step)(z_stream *, int), int flush, vstr_t *out, size_t most) {
    size_t room = out->alloc - out->len;
    if (room == 0) {
        vstr_hint_size(out, out->alloc); // twice as much
        room = out->alloc - out->len;
    }
    room = MIN(MIN(room, most), UINT_MAX);
    stream->next_out = (byte *)out->buf + out->len;
    stream->avail_out = room;
    int code = step(stream, flush);
    out->len += room - stream->avail_out;
    return code;
}

static uLong value_of(size_t n_args, const mp_obj_t *args, uLong otherwise) {
    return n_args > 1 ? (uint32_t)mp_obj_get_int_truncated(args[1]) : otherwise;
}

static mp_obj_t sum(size_t n_args, const mp_obj_t *args, uLong (*of)(uLong, const Bytef *, z_size_t), uLong start) {
    mp_buffer_info_t info;
    bytes_of(args[0], &info);
    uLong value = value_of(n_args, args, start);
    // no bytes may have no address, which means another thing there
    return mp_obj_new_int_from_uint(info.len == 0 ? value : of(value, info.buf, info.len));
}

static mp_obj_t checksum_adler32(size_t n_args, const mp_obj_t *args) {
    return sum(n_args, args, adler32_z, 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(adler32_obj, 1, 2, checksum_adler32);

static mp_obj_t checksum_crc32(size_t n_args, const mp_obj_t *args) {
    return sum(n_args, args, crc32_z, 0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(crc32_obj, 1, 2, checksum_crc32);

static const MP_DEFINE_STR_OBJ(version_obj, ZLIB_VERSION);

#define CONSTANT(name) {MP_ROM_QSTR(MP_QSTR_##name), MP_ROM_INT(name)}

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_zlib)},
    {MP_ROM_QSTR(MP_QSTR_error), MP_ROM_PTR(&zlib_error_type)},
    {MP_ROM_QSTR(MP_QSTR_adler32), MP_ROM_PTR(&adler32_obj)},
    {MP_ROM_QSTR(MP_QSTR_crc32), MP_ROM_PTR(&crc32_obj)},
    {MP_ROM_QSTR(MP_QSTR_compress), MP_ROM_PTR(&zlib_compress_obj)},
    {MP_ROM_QSTR(MP_QSTR_compressobj), MP_ROM_PTR(&zlib_compressobj_obj)},
    {MP_ROM_QSTR(MP_QSTR_decompress), MP_ROM_PTR(&zlib_decompress_obj)},
    {MP_ROM_QSTR(MP_QSTR_decompressobj), MP_ROM_PTR(&zlib_decompressobj_obj)},
    {MP_ROM_QSTR(MP_QSTR_ZLIB_VERSION), MP_ROM_PTR(&version_obj)},
    {MP_ROM_QSTR(MP_QSTR_ZLIB_RUNTIME_VERSION), MP_ROM_PTR(&version_obj)},
    {MP_ROM_QSTR(MP_QSTR_DEF_BUF_SIZE), MP_ROM_INT(16384)},
    {MP_ROM_QSTR(MP_QSTR_DEF_MEM_LEVEL), MP_ROM_INT(MAX_MEM_LEVEL < 8 ? MAX_MEM_LEVEL : 8)},
    {MP_ROM_QSTR(MP_QSTR_DEFLATED), MP_ROM_INT(Z_DEFLATED)},
    CONSTANT(MAX_WBITS),
    CONSTANT(Z_BEST_COMPRESSION),
    CONSTANT(Z_BEST_SPEED),
    CONSTANT(Z_BLOCK),
    CONSTANT(Z_DEFAULT_COMPRESSION),
    CONSTANT(Z_DEFAULT_STRATEGY),
    CONSTANT(Z_FILTERED),
    CONSTANT(Z_FINISH),
    CONSTANT(Z_FIXED),
    CONSTANT(Z_FULL_FLUSH),
    CONSTANT(Z_HUFFMAN_ONLY),
    CONSTANT(Z_NO_COMPRESSION),
    CONSTANT(Z_NO_FLUSH),
    CONSTANT(Z_PARTIAL_FLUSH),
    CONSTANT(Z_RLE),
    CONSTANT(Z_SYNC_FLUSH),
    CONSTANT(Z_TREES),
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t mp_module_zlib = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR_zlib, mp_module_zlib);
