// codecwrite.c - text to bytes.

#include <stdio.h>
#include <string.h>

#include "py/codec.h"
#include "py/misc.h"
#include "py/objstr.h"
#include "py/runtime.h"

typedef struct {
    const codec_t *codec;
    const byte *text, *end;
    vstr_t *out;
    bool is_big;
} writer_t;

static bool is_surrogate(uint32_t c) {
    return c - 0xd800 < 0x800;
}

static uint32_t bound(codec_kind_t kind) {
    return kind == CODEC_ASCII ? 0x80 : kind == CODEC_LATIN_1 ? 0x100 : 0x110000;
}

static bool is_good(const writer_t *w, uint32_t c) {
    if (c >= bound(w->codec->kind)) {
        return false;
    }
    return !is_surrogate(c) || w->codec->errors == CODEC_PASS;
}

static void add_unit(writer_t *w, uint32_t unit, size_t size) {
    for (size_t i = 0; i < size; i++) {
        vstr_add_byte(w->out, (byte)(unit >> 8 * (w->is_big ? size - 1 - i : i)));
    }
}

static void write_good(writer_t *w, uint32_t c) {
    switch (w->codec->kind) {
    case CODEC_UTF_8:
    case CODEC_UTF_8_SIG: vstr_add_char(w->out, c); break;
    case CODEC_ASCII:
    case CODEC_LATIN_1: vstr_add_byte(w->out, (byte)c); break;
    case CODEC_UTF_16:
    case CODEC_UTF_16_LE:
    case CODEC_UTF_16_BE:
        if (c >= 0x10000) {
            add_unit(w, 0xd800 + ((c - 0x10000) >> 10), 2);
            c = 0xdc00 + (c & 0x3ff);
        }
        add_unit(w, c, 2);
        break;
    default: add_unit(w, c, 4);
    }
}

// ASCII, as the codec writes it.
static void write_text(writer_t *w, const char *text) {
    for (; *text != 0; text++) {
        write_good(w, (byte)*text);
    }
}

// One character that cannot be encoded; false if that is for codec_failed().
static bool mend(writer_t *w, uint32_t c) {
    char text[16];
    switch (w->codec->errors) {
    case CODEC_IGNORE: return true;
    case CODEC_REPLACE: write_text(w, "?"); return true;
    case CODEC_BACKSLASH:
        snprintf(text, sizeof(text), c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
        write_text(w, text);
        return true;
    case CODEC_XML:
        snprintf(text, sizeof(text), "&#%u;", (unsigned)c);
        write_text(w, text);
        return true;
    case CODEC_ESCAPE:
        if (c - 0xdc80 < 0x80) {
            vstr_add_byte(w->out, (byte)(c - 0xdc00));
            return true;
        }
        return false;
    default: return false;
    }
}

static const char *reason(const writer_t *w, uint32_t c) {
    switch (w->codec->kind) {
    case CODEC_ASCII: return "ordinal not in range(128)";
    case CODEC_LATIN_1: return "ordinal not in range(256)";
    default: (void)c; return "surrogates not allowed";
    }
}

// What a handler gave, which must be encodable.
static void write_strictly(writer_t *w, mp_obj_t str) {
    size_t length;
    const byte *text = (const byte *)mp_obj_str_get_data(str, &length);
    for (const byte *p = text; p < text + length; p = utf8_next_char(p)) {
        uint32_t c = utf8_get_char(p);
        if (!is_good(w, c)) {
            codec_t strict = {.kind = w->codec->kind, .errors = CODEC_STRICT, .object = str};
            size_t start = utf8_charlen(text, p - text);
            codec_failed(&strict, false, start, start + 1, reason(w, c), NULL);
        }
        write_good(w, c);
    }
}

// All characters from p on that cannot be encoded are one error. Where to go on.
static const byte *fail(writer_t *w, const byte *p) {
    const byte *last = p;
    while (last < w->end && !is_good(w, utf8_get_char(last))) {
        last = utf8_next_char(last);
    }
    size_t start = utf8_charlen(w->text, p - w->text), end = start + utf8_charlen(p, last - p);
    mp_obj_t instead;
    size_t next = codec_failed(w->codec, false, start, end, reason(w, utf8_get_char(p)), &instead);
    if (mp_obj_is_str(instead)) {
        write_strictly(w, instead);
    } else {
        mp_buffer_info_t info;
        mp_get_buffer_raise(instead, &info, MP_BUFFER_READ);
        vstr_add_strn(w->out, info.buf, info.len);
    }
    const byte *to = w->text;
    for (; next > 0; next--) {
        to = utf8_next_char(to);
    }
    return to;
}

void codec_write(const codec_t *codec, const byte *text, size_t length, vstr_t *out) {
    writer_t w = {.codec = codec, .text = text, .end = text + length, .out = out};
    w.is_big = codec->kind == CODEC_UTF_16_BE || codec->kind == CODEC_UTF_32_BE;
    if (codec->kind == CODEC_UTF_16 || codec->kind == CODEC_UTF_32 || codec->kind == CODEC_UTF_8_SIG) {
        write_good(&w, 0xfeff);
    }
    for (const byte *p = text; p < w.end;) {
        uint32_t c = utf8_get_char(p);
        if (is_good(&w, c)) {
            write_good(&w, c);
            p = utf8_next_char(p);
        } else if (mend(&w, c)) {
            p = utf8_next_char(p);
        } else {
            p = fail(&w, p);
        }
    }
}
