// search.c - the first position from which on the pattern matches.

#include <string.h>

#include "sre.h"

// Returns the first position from p on where a match can begin: its first character is known from the INFO
// instruction. NULL if there is none.
static const byte *candidate(const sre_state_t *s, const byte *p) {
    const sre_code_t *code = s->pattern->code;
    if (code[0] != SRE_INFO) {
        return p;
    }
    sre_code_t flags = code[2], first = code[SRE_INFO_FIRST + 2];
    if (flags & SRE_INFO_PREFIX && (first < 0x80 || (first < 0x100 && !s->is_utf8))) {
        return memchr(p, first, s->end - p);
    }
    if (!(flags & (SRE_INFO_PREFIX | SRE_INFO_CHARSET))) {
        return p;
    }
    while (p < s->end) {
        const byte *next = p;
        uint32_t c = sre_char(s->is_utf8, &next);
        if (flags & SRE_INFO_PREFIX ? c == first : sre_in_set(code + SRE_INFO_FIRST, c)) {
            return p;
        }
        p = next;
    }
    return NULL;
}

bool sre_search(sre_state_t *s, const byte *p) {
    while (p <= s->end) {
        const byte *at = candidate(s, p);
        if (at == NULL) {
            return false;
        }
        sre_step(s, (at - p) / 8 + 1);
        s->must_advance = s->must_advance && at == p;
        if (sre_match(s, at)) {
            return true;
        }
        s->must_advance = false;
        if (at >= s->end) {
            return false;
        }
        p = at;
        sre_char(s->is_utf8, &p);
    }
    return false;
}
