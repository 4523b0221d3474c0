// codec.h - text to bytes and back: the encodings that are built in, and what becomes of errors.

#ifndef PY_CODEC_H
#define PY_CODEC_H

#include "py/obj.h"

typedef enum {
    CODEC_UTF_8,
    CODEC_ASCII,
    CODEC_LATIN_1,
    CODEC_UTF_16, // with a byte order mark
    CODEC_UTF_16_LE,
    CODEC_UTF_16_BE,
    CODEC_UTF_32,
    CODEC_UTF_32_LE,
    CODEC_UTF_32_BE,
    CODEC_UTF_8_SIG,
    CODEC_OTHER, // the module `codecs` may know it
} codec_kind_t;

typedef enum {
    CODEC_STRICT,
    CODEC_IGNORE,
    CODEC_REPLACE,
    CODEC_BACKSLASH,
    CODEC_XML,
    CODEC_ESCAPE, // surrogateescape
    CODEC_PASS,   // surrogatepass
    CODEC_CALL,   // a handler of the module `codecs`
} codec_errors_t;

typedef struct {
    codec_kind_t kind;
    codec_errors_t errors;
    mp_obj_t handler; // of CODEC_CALL
    mp_obj_t object;  // what is encoded or decoded
} codec_t;

// codec.c
mp_obj_t mp_codec_decode(mp_obj_t object, mp_obj_t encoding, mp_obj_t errors);
mp_obj_t mp_codec_encode(mp_obj_t str, mp_obj_t encoding, mp_obj_t errors);
const char *codec_name(codec_kind_t kind);
size_t codec_failed(
    const codec_t *codec, bool decodes, size_t start, size_t end, const char *reason, mp_obj_t *replacement);

// codecread.c, codecwrite.c
void codec_read(const codec_t *codec, const byte *data, size_t length, vstr_t *out);
void codec_write(const codec_t *codec, const byte *text, size_t length, vstr_t *out);
bool codec_is_strict_utf8(const byte *data, size_t length);

#endif
