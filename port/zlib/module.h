// module.h - what the parts of the module `zlib` share.

#ifndef ZLIB_MODULE_H
#define ZLIB_MODULE_H

#include "py/runtime.h"
#include "zlib.h"

extern const mp_obj_type_t zlib_error_type;
extern const mp_obj_type_t zlib_compress_type;
extern const mp_obj_type_t zlib_decompress_type;

// A stream whose memory is of the collected heap.
void zlib_stream_init(z_stream *stream);
// Raises zlib.error, or MemoryError.
NORETURN void zlib_raise(const z_stream *stream, int code, const char *doing);
void zlib_input(z_stream *stream, mp_obj_t data);
// One call of deflate() or inflate() with room for at most `most` bytes behind those in `out`; returns its code.
int zlib_step(z_stream *stream, int (*step)(z_stream *, int), int flush, vstr_t *out, size_t most);

MP_DECLARE_CONST_FUN_OBJ_KW(zlib_compress_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(zlib_compressobj_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(zlib_decompress_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(zlib_decompressobj_obj);

#endif
