// chars.c - categories of characters and their case: ASCII, Latin, Greek and Cyrillic exactly; in other
// scripts every character that is not known punctuation is a letter, without case.

#include "sre.h"

static bool is_between(uint32_t c, uint32_t first, uint32_t last) {
    return c - first <= last - first;
}

uint32_t sre_lower_ascii(uint32_t c) {
    return is_between(c, 'A', 'Z') ? c + 0x20 : c;
}

// Blocks in which capital and small letters alternate: the capital is the even one, or the odd one.
static bool alternates(uint32_t c, bool *is_odd) {
    *is_odd = is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17e) || is_between(c, 0x4c1, 0x4ce);
    return *is_odd || (is_between(c, 0x100, 0x137) && c != 0x130 && c != 0x131) || is_between(c, 0x14a, 0x177)
        || is_between(c, 0x460, 0x481) || is_between(c, 0x48a, 0x4bf) || is_between(c, 0x4d0, 0x52f)
        || is_between(c, 0x1e00, 0x1e95) || is_between(c, 0x1ea0, 0x1eff);
}

// Capital letters at a fixed distance before the small ones.
static const struct {
    uint16_t first, last, distance;
} BLOCKS[] = {
    {0xc0, 0xd6, 0x20},
    {0xd8, 0xde, 0x20},
    {0x386, 0x386, 0x26},
    {0x388, 0x38a, 0x25},
    {0x38c, 0x38c, 0x40},
    {0x38e, 0x38f, 0x3f},
    {0x391, 0x3a1, 0x20},
    {0x3a3, 0x3ab, 0x20},
    {0x400, 0x40f, 0x50},
    {0x410, 0x42f, 0x20},
    {0x4c0, 0x4c0, 0x0f},
};

uint32_t sre_lower(uint32_t c) {
    bool is_odd;
    if (c < 0x80) {
        return sre_lower_ascii(c);
    }
    if (alternates(c, &is_odd)) {
        return (c & 1) == is_odd ? c + 1 : c;
    }
    for (size_t i = 0; i < MP_ARRAY_SIZE(BLOCKS); i++) {
        if (is_between(c, BLOCKS[i].first, BLOCKS[i].last)) {
            return c + BLOCKS[i].distance;
        }
    }
    return c == 0x178 ? 0xff : c == 0x130 ? 'i' : c == 0x1e9e ? 0xdf : c;
}

uint32_t sre_upper(uint32_t c) {
    bool is_odd;
    if (c < 0x80) {
        return is_between(c, 'a', 'z') ? c - 0x20 : c;
    }
    if (alternates(c, &is_odd)) {
        return (c & 1) == is_odd ? c : c - 1;
    }
    for (size_t i = 0; i < MP_ARRAY_SIZE(BLOCKS); i++) {
        uint32_t distance = BLOCKS[i].distance;
        if (is_between(c, BLOCKS[i].first + distance, BLOCKS[i].last + distance)) {
            return c - distance;
        }
    }
    return c == 0xff              ? 0x178
        : c == 0xb5 || c == 0x3bc ? 0x39c
        : c == 0x3c2              ? 0x3a3
        : c == 0x131              ? 'I'
        : c == 0x17f              ? 'S'
                                  : c;
}

static bool is_word_ascii(uint32_t c) {
    return is_between(c | 0x20, 'a', 'z') || is_between(c, '0', '9') || c == '_';
}

// Ranges of characters above 0xff that are neither letters nor digits.
static const struct {
    uint32_t first, last;
} SIGNS[] = {
    {0x2c2, 0x2c5},
    {0x2d2, 0x2df},
    {0x300, 0x36f},
    {0x37e, 0x37e},
    {0x387, 0x387},
    {0x482, 0x489},
    {0x55a, 0x55f},
    {0x589, 0x58f},
    {0x591, 0x5c7},
    {0x609, 0x61f},
    {0x64b, 0x65f},
    {0x66a, 0x66d},
    {0x1680, 0x1680},
    {0x2000, 0x206f},
    {0x20a0, 0x20ff},
    {0x2190, 0x245f},
    {0x249c, 0x24b5},
    {0x2500, 0x2775},
    {0x2794, 0x2bff},
    {0x2e00, 0x2e2e},
    {0x3000, 0x3004},
    {0x3008, 0x3020},
    {0x3030, 0x3030},
    {0xd800, 0xf8ff},
    {0xfe00, 0xfe6f},
    {0xff01, 0xff0f},
    {0xff1a, 0xff20},
    {0xff3b, 0xff40},
    {0xff5b, 0xff65},
    {0xffe0, 0xffff},
    {0x1f000, 0x1f0ff},
    {0x1f110, 0x1faff},
    {0xe0000, 0x10ffff},
};

static bool is_word(uint32_t c) {
    if (c < 0x80) {
        return is_word_ascii(c);
    }
    if (c < 0x100) {
        return c >= 0xc0
            ? c != 0xd7 && c != 0xf7
            : c == 0xaa || c == 0xb5 || c == 0xba || c == 0xb2 || c == 0xb3 || c == 0xb9 || is_between(c, 0xbc, 0xbe);
    }
    for (size_t i = 0; i < MP_ARRAY_SIZE(SIGNS) && SIGNS[i].first <= c; i++) {
        if (c <= SIGNS[i].last) {
            return false;
        }
    }
    return true;
}

// Zeros of the decimal digits outside ASCII: Arabic, Devanagari and their neighbors, full width.
static bool is_digit(uint32_t c) {
    static const uint16_t ZEROS[] = {'0', 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6,
        0xd66, 0xe50, 0xed0, 0xf20, 0xff10};
    for (size_t i = 0; i < MP_ARRAY_SIZE(ZEROS) && ZEROS[i] <= c; i++) {
        if (c - ZEROS[i] < 10) {
            return true;
        }
    }
    return false;
}

static bool is_space_ascii(uint32_t c) {
    return c == ' ' || is_between(c, '\t', '\r');
}

static bool is_space(uint32_t c) {
    return is_space_ascii(c) || is_between(c, 0x1c, 0x1f) || c == 0x85 || c == 0xa0 || c == 0x1680
        || is_between(c, 0x2000, 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_linebreak(uint32_t c) {
    return is_between(c, '\n', '\r') || is_between(c, 0x1c, 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_of(sre_code_t category, uint32_t c) {
    switch (category) {
    case SRE_CATEGORY_DIGIT: return is_between(c, '0', '9');
    case SRE_CATEGORY_SPACE: return is_space_ascii(c);
    case SRE_CATEGORY_WORD:
    case SRE_CATEGORY_LOC_WORD: return is_word_ascii(c);
    case SRE_CATEGORY_LINEBREAK: return c == '\n';
    case SRE_CATEGORY_UNI_DIGIT: return is_digit(c);
    case SRE_CATEGORY_UNI_SPACE: return is_space(c);
    case SRE_CATEGORY_UNI_WORD: return is_word(c);
    default: return is_linebreak(c);
    }
}

bool sre_category(sre_code_t category, uint32_t c) {
    return is_of(category & ~1u, c) != (category & 1);
}
