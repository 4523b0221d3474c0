// set.c - instructions that match one character: sets, literals, and runs of them.

#include <string.h>

#include "sre.h"

static bool bit(const sre_code_t *bits, uint32_t n) {
    return bits[n / 32] >> (n % 32) & 1;
}

// The number of chunks of 256 bits, 256 bytes with the chunk of each high byte, the chunks.
static bool in_big_set(const sre_code_t *set, uint32_t c) {
    if (c > 0xffff) {
        return false;
    }
    uint32_t chunk = ((const byte *)(set + 1))[c >> 8];
    return chunk < set[0] && bit(set + 1 + 64 + chunk * 8, c & 0xff);
}

static bool in_range(const sre_code_t *range, uint32_t c) {
    return range[0] <= c && c <= range[1];
}

// Whether c is in the set, whose items end with FAILURE.
bool sre_in_set(const sre_code_t *set, uint32_t c) {
    bool found = true;
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE: return !found;
        case SRE_NEGATE: found = !found; continue;
        case SRE_LITERAL:
            if (*set++ == c) {
                return found;
            }
            continue;
        case SRE_CATEGORY:
            if (sre_category(*set++, c)) {
                return found;
            }
            continue;
        case SRE_RANGE:
            if (in_range(set, c)) {
                return found;
            }
            set += 2;
            continue;
        case SRE_RANGE_UNI_IGNORE:
            if (in_range(set, c) || in_range(set, sre_upper(c))) {
                return found;
            }
            set += 2;
            continue;
        case SRE_CHARSET:
            if (c < 256 && bit(set, c)) {
                return found;
            }
            set += 8;
            continue;
        default: // SRE_BIGCHARSET
            if (in_big_set(set, c)) {
                return found;
            }
            set += 1 + 64 + set[0] * 8;
            continue;
        }
    }
}

// Whether the instruction matches the character. False for one that matches none.
bool sre_takes(const sre_code_t *pc, uint32_t c) {
    switch (pc[0]) {
    case SRE_ANY: return c != '\n';
    case SRE_ANY_ALL: return true;
    case SRE_LITERAL: return c == pc[1];
    case SRE_NOT_LITERAL: return c != pc[1];
    case SRE_IN: return sre_in_set(pc + 2, c);
    case SRE_CATEGORY: return sre_category(pc[1], c);
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_LOC_IGNORE: return sre_lower_ascii(c) == sre_lower_ascii(pc[1]);
    case SRE_NOT_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_LOC_IGNORE: return sre_lower_ascii(c) != sre_lower_ascii(pc[1]);
    case SRE_IN_IGNORE: return sre_in_set(pc + 2, sre_lower_ascii(c));
    case SRE_IN_LOC_IGNORE: {
        uint32_t low = sre_lower_ascii(c);
        return sre_in_set(pc + 2, low) || (low >= 'a' && low <= 'z' && sre_in_set(pc + 2, low - 0x20));
    }
    case SRE_LITERAL_UNI_IGNORE: return sre_lower(c) == pc[1];
    case SRE_NOT_LITERAL_UNI_IGNORE: return sre_lower(c) != pc[1];
    case SRE_IN_UNI_IGNORE: return sre_in_set(pc + 2, sre_lower(c));
    default: return false;
    }
}

static const byte *line_end(const byte *p, const byte *end) {
    const byte *found = memchr(p, '\n', end - p);
    return found == NULL ? end : found;
}

// How many characters from *at on the instruction takes, `max` at most; *at is then behind them.
size_t sre_count(sre_state_t *s, const sre_code_t *pc, size_t max, const byte **at) {
    const byte *p = *at, *end = s->end;
    size_t count = 0;
    if (!s->is_utf8 && (pc[0] == SRE_ANY_ALL || pc[0] == SRE_ANY)) {
        if (max < (size_t)(end - p)) {
            end = p + max;
        }
        p = pc[0] == SRE_ANY ? line_end(p, end) : end;
        count = p - *at;
    } else {
        while (count < max && p < end) {
            const byte *next = p;
            if (!sre_takes(pc, sre_char(s->is_utf8, &next))) {
                break;
            }
            p = next;
            count++;
        }
    }
    sre_step(s, count / 8);
    *at = p;
    return count;
}
