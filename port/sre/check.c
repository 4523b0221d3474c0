// check.c - whether a program may be run: every instruction known and whole, every jump forward to the beginning of
// another one, every group there is. _sre.compile() accepts programs from any caller.
//
// One pass in the order of the code, without recursion: jumps are noted in a map of words, and what they lead to must
// have turned out to be an instruction.

#include <string.h>

#include "py/gc.h"
#include "py/misc.h"
#include "sre.h"

enum {
    IS_INSTRUCTION = 1,
    IS_TARGET = 2,
    IS_LINK = 4, // in a branch: the distance of the next alternative
};

typedef struct {
    const sre_code_t *code;
    size_t length, groups;
    byte *map;
} check_t;

// Marks the target of the skip at word `at`, with an offset. 0 if that is outside.
static size_t target(check_t *c, size_t at, size_t more) {
    if (at >= c->length || c->code[at] >= c->length) {
        return 0;
    }
    size_t to = at + c->code[at] + more;
    if (to <= at || to >= c->length) {
        return 0;
    }
    c->map[to] |= IS_TARGET;
    return to;
}

// Returns the word behind a set that begins at `at`; 0 if it does not end.
static size_t set_end(const check_t *c, size_t at) {
    while (at < c->length) {
        size_t words;
        switch (c->code[at++]) {
        case SRE_FAILURE: return at;
        case SRE_NEGATE: continue;
        case SRE_LITERAL: words = 1; break;
        case SRE_CATEGORY:
            if (at >= c->length || c->code[at] >= SRE_CATEGORY_COUNT) {
                return 0;
            }
            words = 1;
            break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE: words = 2; break;
        case SRE_CHARSET: words = 8; break;
        case SRE_BIGCHARSET:
            if (at >= c->length || c->code[at] > 256) {
                return 0;
            }
            words = 1 + 64 + 8 * c->code[at];
            break;
        default: return 0;
        }
        if (words > c->length - at) {
            return 0;
        }
        at += words;
    }
    return 0;
}

static size_t check_set(check_t *c, size_t at) {
    size_t to = target(c, at + SRE_SKIP, 0);
    return to != 0 && set_end(c, at + 2) == to ? to : 0;
}

// Branches: each alternative has a link before it, the last link is 0.
static size_t check_branch(check_t *c, size_t at) {
    size_t link = at + 1;
    while (link < c->length && c->code[link] != 0) {
        if (c->code[link] >= c->length - link) {
            return 0;
        }
        c->map[link] |= IS_LINK;
        c->map[link + 1] |= IS_TARGET;
        link += c->code[link];
    }
    if (link >= c->length || link == at + 1) {
        return 0;
    }
    c->map[link] |= IS_LINK;
    return at + 1;
}

static bool takes_one(sre_code_t op) {
    switch (op) {
    case SRE_ANY:
    case SRE_ANY_ALL:
    case SRE_IN:
    case SRE_IN_IGNORE:
    case SRE_IN_LOC_IGNORE:
    case SRE_IN_UNI_IGNORE:
    case SRE_LITERAL:
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_LOC_IGNORE:
    case SRE_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL:
    case SRE_NOT_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_LOC_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE: return true;
    default: return false;
    }
}

// Repeats: `op skip min max body`; the skip leads behind the body, to an UNTIL if there is one.
static size_t check_repeat(check_t *c, size_t at) {
    if (SRE_BODY >= c->length - at || c->code[at + SRE_MIN] > c->code[at + SRE_MAX]) {
        return 0;
    }
    size_t to = target(c, at + SRE_SKIP, 0);
    switch (c->code[at]) {
    case SRE_REPEAT:
        return to != 0 && (c->code[to] == SRE_MAX_UNTIL || c->code[to] == SRE_MIN_UNTIL) && target(c, at + SRE_SKIP, 1)
            ? at + SRE_BODY
            : 0;
    case SRE_POSSESSIVE_REPEAT:
        return to != 0 && c->code[to] == SRE_SUCCESS && target(c, at + SRE_SKIP, 1) ? at + SRE_BODY : 0;
    default: return to != 0 && takes_one(c->code[at + SRE_BODY]) ? at + SRE_BODY : 0;
    }
}

static size_t check_info(check_t *c, size_t at) {
    size_t to = target(c, at + SRE_SKIP, 0);
    if (to < at + SRE_INFO_FIRST) {
        return 0;
    }
    sre_code_t flags = c->code[at + 2];
    size_t first = at + SRE_INFO_FIRST;
    if (flags & SRE_INFO_PREFIX) {
        return to - first > 2 && c->code[first] > 0 && c->code[first] <= (to - first - 2) / 2 ? to : 0;
    }
    return !(flags & SRE_INFO_CHARSET) || set_end(c, first) == to ? to : 0;
}

// An operand of one word, less than `bound`.
static size_t check_operand(const check_t *c, size_t at, size_t bound) {
    return at + 1 < c->length && c->code[at + 1] < bound ? at + 2 : 0;
}

// Returns the word behind the instruction at `at`, or behind its part before the body. 0 if it is invalid.
static size_t check_instruction(check_t *c, size_t at) {
    switch (c->code[at]) {
    case SRE_FAILURE:
    case SRE_SUCCESS:
    case SRE_ANY:
    case SRE_ANY_ALL:
    case SRE_MAX_UNTIL:
    case SRE_MIN_UNTIL: return at + 1;
    case SRE_LITERAL:
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_LOC_IGNORE:
    case SRE_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL:
    case SRE_NOT_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_LOC_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE: return check_operand(c, at, SIZE_MAX);
    case SRE_AT: return check_operand(c, at, SRE_AT_COUNT);
    case SRE_CATEGORY: return check_operand(c, at, SRE_CATEGORY_COUNT);
    case SRE_MARK: return check_operand(c, at, 2 * c->groups);
    case SRE_GROUPREF:
    case SRE_GROUPREF_IGNORE:
    case SRE_GROUPREF_LOC_IGNORE:
    case SRE_GROUPREF_UNI_IGNORE: return check_operand(c, at, c->groups);
    case SRE_IN:
    case SRE_IN_IGNORE:
    case SRE_IN_LOC_IGNORE:
    case SRE_IN_UNI_IGNORE: return check_set(c, at);
    case SRE_JUMP: return target(c, at + SRE_SKIP, 0) ? at + 2 : 0;
    case SRE_BRANCH: return check_branch(c, at);
    case SRE_ATOMIC_GROUP: return target(c, at + SRE_SKIP, 0) ? at + 2 : 0;
    case SRE_ASSERT:
    case SRE_ASSERT_NOT: return target(c, at + SRE_SKIP, 0) ? at + 3 : 0;
    case SRE_GROUPREF_EXISTS:
        return check_operand(c, at, c->groups) && c->length - at > 2 && c->code[at + 2] > 1 && target(c, at + 2, -1)
            ? at + 3
            : 0;
    case SRE_REPEAT:
    case SRE_REPEAT_ONE:
    case SRE_MIN_REPEAT_ONE:
    case SRE_POSSESSIVE_REPEAT:
    case SRE_POSSESSIVE_REPEAT_ONE: return check_repeat(c, at);
    case SRE_INFO: return at == 0 ? check_info(c, at) : 0;
    default: return 0;
    }
}

static bool is_sound(check_t *c) {
    size_t at = 0;
    while (at < c->length) {
        if (c->map[at] & IS_LINK) {
            at++;
            continue;
        }
        c->map[at] |= IS_INSTRUCTION;
        at = check_instruction(c, at);
        if (at == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < c->length; i++) {
        if ((c->map[i] & IS_TARGET && !(c->map[i] & IS_INSTRUCTION))
            || (c->map[i] & IS_LINK && c->map[i] & IS_INSTRUCTION)) {
            return false;
        }
    }
    return at == c->length && c->length > 0 && c->code[c->length - 1] == SRE_SUCCESS
        && c->map[c->length - 1] & IS_INSTRUCTION;
}

bool sre_check(const sre_pattern_t *pattern) {
    check_t c = {.code = pattern->code, .length = pattern->length, .groups = pattern->groups};
    c.map = m_new0(byte, c.length + 1);
    bool sound = is_sound(&c);
    m_del(byte, c.map, c.length + 1);
    return sound;
}
