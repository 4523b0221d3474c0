// codecread.c - bytes to text. A reader gives one character, or says what is wrong and how long it is.

#include <string.h>

#include "py/codec.h"
#include "py/misc.h"
#include "py/objstr.h"
#include "py/runtime.h"

typedef struct {
    const byte *data;
    size_t length, at;
    bool is_big;       // UTF-16 and UTF-32
    bool passes;       // lone surrogates
    const char *error; // NULL: `c` is the next character, `size` bytes long
    uint32_t c;
    size_t size;
} reader_t;

static void good(reader_t *r, uint32_t c, size_t size) {
    r->error = NULL;
    r->c = c;
    r->size = size;
}

static void bad(reader_t *r, const char *error, size_t size) {
    r->error = error;
    r->size = size;
}

static bool is_surrogate(uint32_t c) {
    return c - 0xd800 < 0x800;
}

// The smallest character of so many bytes; what fits into fewer is an error (RFC 3629 3).
static bool second_byte_fits(byte first, byte second, bool passes) {
    switch (first) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return passes || second < 0xa0; // surrogates
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90; // above U+10FFFF
    default: return true;
    }
}

static void read_utf8(reader_t *r) {
    const byte *p = r->data + r->at;
    size_t rest = r->length - r->at;
    byte first = p[0];
    if (first < 0x80) {
        good(r, first, 1);
        return;
    }
    if (first < 0xc2 || first > 0xf4) {
        bad(r, "invalid start byte", 1);
        return;
    }
    size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t c = first & (0x7f >> size);
    for (size_t i = 1; i < size; i++) {
        if (i == rest) {
            bad(r, "unexpected end of data", rest);
            return;
        }
        if ((p[i] & 0xc0) != 0x80 || (i == 1 && !second_byte_fits(first, p[1], r->passes))) {
            bad(r, "invalid continuation byte", i);
            return;
        }
        c = c << 6 | (p[i] & 0x3f);
    }
    good(r, c, size);
}

static uint32_t unit(const reader_t *r, size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | r->data[at + (r->is_big ? i : size - 1 - i)];
    }
    return value;
}

static void read_utf16(reader_t *r) {
    size_t rest = r->length - r->at;
    if (rest < 2) {
        bad(r, "truncated data", rest);
        return;
    }
    uint32_t high = unit(r, r->at, 2);
    if (!is_surrogate(high)) {
        good(r, high, 2);
        return;
    }
    bool pairs = high < 0xdc00 && rest >= 4;
    uint32_t low = pairs ? unit(r, r->at + 2, 2) : 0;
    if (pairs && low - 0xdc00 < 0x400) {
        good(r, 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff)), 4);
    } else if (r->passes) {
        good(r, high, 2);
    } else if (high >= 0xdc00) {
        bad(r, "illegal encoding", 2);
    } else if (pairs) {
        bad(r, "illegal UTF-16 surrogate", 2);
    } else {
        bad(r, "unexpected end of data", rest);
    }
}

static void read_utf32(reader_t *r) {
    size_t rest = r->length - r->at;
    if (rest < 4) {
        bad(r, "truncated data", rest);
        return;
    }
    uint32_t c = unit(r, r->at, 4);
    if (c > 0x10ffff) {
        bad(r, "code point not in range(0x110000)", 4);
    } else if (is_surrogate(c) && !r->passes) {
        bad(r, "code point in surrogate code point range (0xd800, 0xe000)", 4);
    } else {
        good(r, c, 4);
    }
}

static void read_one(reader_t *r, codec_kind_t kind) {
    switch (kind) {
    case CODEC_UTF_8:
    case CODEC_UTF_8_SIG: read_utf8(r); break;
    case CODEC_ASCII:
        good(r, r->data[r->at], 1);
        if (r->c >= 0x80) {
            bad(r, "ordinal not in range(128)", 1);
        }
        break;
    case CODEC_LATIN_1: good(r, r->data[r->at], 1); break;
    case CODEC_UTF_16:
    case CODEC_UTF_16_LE:
    case CODEC_UTF_16_BE: read_utf16(r); break;
    default: read_utf32(r);
    }
}

// What stands for the bytes that are wrong; how many they were.
static size_t mend(const codec_t *codec, const reader_t *r, vstr_t *out) {
    const byte *p = r->data + r->at;
    switch (codec->errors) {
    case CODEC_IGNORE: return r->size;
    case CODEC_REPLACE: vstr_add_char(out, 0xfffd); return r->size;
    case CODEC_BACKSLASH:
        for (size_t i = 0; i < r->size; i++) {
            vstr_printf(out, "\\x%02x", p[i]);
        }
        return r->size;
    case CODEC_ESCAPE: {
        size_t i = 0;
        for (; i < r->size && p[i] >= 0x80; i++) {
            vstr_add_char(out, 0xdc00 + p[i]);
        }
        if (i > 0) {
            return i;
        }
        break;
    }
    default: break;
    }
    mp_obj_t text;
    size_t next = codec_failed(codec, true, r->at, r->at + r->size, r->error, &text);
    size_t length;
    const char *data = mp_obj_str_get_data(text, &length);
    vstr_add_strn(out, data, length);
    return next - r->at;
}

// What a byte order mark says, if there is one to be skipped.
static void read_mark(reader_t *r, codec_kind_t kind) {
    if (kind == CODEC_UTF_8_SIG && r->length >= 3 && memcmp(r->data, "\xef\xbb\xbf", 3) == 0) {
        r->at = 3;
    }
    size_t size = kind == CODEC_UTF_16 ? 2 : kind == CODEC_UTF_32 ? 4 : 0;
    if (size == 0 || r->length < size) {
        return;
    }
    uint32_t mark = unit(r, 0, size);
    r->is_big = mark == (size == 2 ? 0xfffe : 0xfffe0000);
    r->at = mark == 0xfeff || r->is_big ? size : 0;
}

void codec_read(const codec_t *codec, const byte *data, size_t length, vstr_t *out) {
    reader_t r = {.data = data, .length = length};
    r.is_big = codec->kind == CODEC_UTF_16_BE || codec->kind == CODEC_UTF_32_BE;
    r.passes = codec->errors == CODEC_PASS;
    read_mark(&r, codec->kind);
    while (r.at < length) {
        read_one(&r, codec->kind);
        if (r.error == NULL) {
            vstr_add_char(out, r.c);
            r.at += r.size;
        } else {
            r.at += mend(codec, &r, out);
        }
    }
}

bool codec_is_strict_utf8(const byte *data, size_t length) {
    reader_t r = {.data = data, .length = length};
    while (r.at < length) {
        uint64_t word;
        while (length - r.at >= sizeof(word)
            && (memcpy(&word, data + r.at, sizeof(word)), (word & 0x8080808080808080u) == 0)) {
            r.at += sizeof(word);
        }
        if (r.at == length) {
            break;
        }
        read_utf8(&r);
        if (r.error != NULL) {
            return false;
        }
        r.at += r.size;
    }
    return true;
}
