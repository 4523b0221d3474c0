// at.c - conditions at a position: beginnings, ends, word boundaries; backreferences; lookbehind.

#include "sre.h"

static bool is_word_at(const sre_state_t *s, sre_code_t category, const byte *p) {
    return sre_category(category, sre_char(s->is_utf8, &p));
}

// Whether a word begins or ends here. In an empty text there is neither a boundary nor a non-boundary.
static bool is_boundary(const sre_state_t *s, sre_code_t category, bool wanted, const byte *p) {
    if (s->begin == s->end) {
        return false;
    }
    bool before = p > s->begin && is_word_at(s, category, sre_previous(s->is_utf8, s->begin, p));
    bool after = p < s->end && is_word_at(s, category, p);
    return (before != after) == wanted;
}

bool sre_at(const sre_state_t *s, sre_code_t where, const byte *p) {
    switch (where) {
    case SRE_AT_BEGINNING:
    case SRE_AT_BEGINNING_STRING: return p == s->begin;
    case SRE_AT_BEGINNING_LINE: return p == s->begin || p[-1] == '\n';
    case SRE_AT_END: return p == s->end || (p + 1 == s->end && *p == '\n');
    case SRE_AT_END_LINE: return p == s->end || *p == '\n';
    case SRE_AT_END_STRING: return p == s->end;
    case SRE_AT_BOUNDARY:
    case SRE_AT_LOC_BOUNDARY: return is_boundary(s, SRE_CATEGORY_WORD, true, p);
    case SRE_AT_NON_BOUNDARY:
    case SRE_AT_LOC_NON_BOUNDARY: return is_boundary(s, SRE_CATEGORY_WORD, false, p);
    case SRE_AT_UNI_BOUNDARY: return is_boundary(s, SRE_CATEGORY_UNI_WORD, true, p);
    default: return is_boundary(s, SRE_CATEGORY_UNI_WORD, false, p);
    }
}

static uint32_t folded(sre_code_t op, uint32_t c) {
    return op == SRE_GROUPREF ? c : op == SRE_GROUPREF_UNI_IGNORE ? sre_lower(c) : sre_lower_ascii(c);
}

// Whether the group has matched, and its text is at *at, which is then advanced behind it.
bool sre_same_group(const sre_state_t *s, sre_code_t op, size_t group, const byte **at) {
    const byte *from = s->marks[2 * group], *to = s->marks[2 * group + 1], *p = *at;
    if (from == NULL || to == NULL || to < from) {
        return false;
    }
    while (from < to) {
        if (p >= s->end || folded(op, sre_char(s->is_utf8, &from)) != folded(op, sre_char(s->is_utf8, &p))) {
            return false;
        }
    }
    *at = p;
    return true;
}

// Returns the position `count` characters before p; NULL if that is before the text.
const byte *sre_back(const sre_state_t *s, const byte *p, size_t count) {
    if (count > (size_t)(p - s->begin)) {
        return NULL;
    }
    if (!s->is_utf8) {
        return p - count;
    }
    for (; count > 0; count--) {
        if (p == s->begin) {
            return NULL;
        }
        p = sre_previous(true, s->begin, p);
    }
    return p;
}
