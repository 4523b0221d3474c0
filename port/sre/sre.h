// sre.h - regular expressions: an engine for the programs that CPython's re._compiler writes.
//
// A program is checked once, by sre_check(), then run by sre_match(). Neither recurses: what a match may come back to
// is on a stack of its own, in the heap and bounded, and so is the number of its steps.

#ifndef SRE_H
#define SRE_H

#include "py/obj.h"

typedef uint32_t sre_code_t;

#define SRE_MAGIC 20220615 // of CPython 3.11's re/_constants.py, whose numbers are below
#define SRE_MAXREPEAT UINT32_MAX
#define SRE_MAXGROUPS (INT32_MAX / 2)

enum {
    SRE_FAILURE,
    SRE_SUCCESS,
    SRE_ANY,
    SRE_ANY_ALL,
    SRE_ASSERT,
    SRE_ASSERT_NOT,
    SRE_AT,
    SRE_BRANCH,
    SRE_CATEGORY,
    SRE_CHARSET,
    SRE_BIGCHARSET,
    SRE_GROUPREF,
    SRE_GROUPREF_EXISTS,
    SRE_IN,
    SRE_INFO,
    SRE_JUMP,
    SRE_LITERAL,
    SRE_MARK,
    SRE_MAX_UNTIL,
    SRE_MIN_UNTIL,
    SRE_NOT_LITERAL,
    SRE_NEGATE,
    SRE_RANGE,
    SRE_REPEAT,
    SRE_REPEAT_ONE,
    SRE_SUBPATTERN, // of the parser only
    SRE_MIN_REPEAT_ONE,
    SRE_ATOMIC_GROUP,
    SRE_POSSESSIVE_REPEAT,
    SRE_POSSESSIVE_REPEAT_ONE,
    SRE_GROUPREF_IGNORE,
    SRE_IN_IGNORE,
    SRE_LITERAL_IGNORE,
    SRE_NOT_LITERAL_IGNORE,
    SRE_GROUPREF_LOC_IGNORE,
    SRE_IN_LOC_IGNORE,
    SRE_LITERAL_LOC_IGNORE,
    SRE_NOT_LITERAL_LOC_IGNORE,
    SRE_GROUPREF_UNI_IGNORE,
    SRE_IN_UNI_IGNORE,
    SRE_LITERAL_UNI_IGNORE,
    SRE_NOT_LITERAL_UNI_IGNORE,
    SRE_RANGE_UNI_IGNORE,
};

enum {
    SRE_AT_BEGINNING,
    SRE_AT_BEGINNING_LINE,
    SRE_AT_BEGINNING_STRING,
    SRE_AT_BOUNDARY,
    SRE_AT_NON_BOUNDARY,
    SRE_AT_END,
    SRE_AT_END_LINE,
    SRE_AT_END_STRING,
    SRE_AT_LOC_BOUNDARY,
    SRE_AT_LOC_NON_BOUNDARY,
    SRE_AT_UNI_BOUNDARY,
    SRE_AT_UNI_NON_BOUNDARY,
    SRE_AT_COUNT,
};

// Every second one is the opposite of the one before.
enum {
    SRE_CATEGORY_DIGIT = 0,
    SRE_CATEGORY_SPACE = 2,
    SRE_CATEGORY_WORD = 4,
    SRE_CATEGORY_LINEBREAK = 6,
    SRE_CATEGORY_LOC_WORD = 8,
    SRE_CATEGORY_UNI_DIGIT = 10,
    SRE_CATEGORY_UNI_SPACE = 12,
    SRE_CATEGORY_UNI_WORD = 14,
    SRE_CATEGORY_UNI_LINEBREAK = 16,
    SRE_CATEGORY_COUNT = 18,
};

enum {
    SRE_FLAG_UNICODE = 32,
    SRE_INFO_PREFIX = 1,
    SRE_INFO_CHARSET = 4,
};

// How far from an opcode the operands are.
enum {
    SRE_SKIP = 1, // of all that have one but GROUPREF_EXISTS
    SRE_MIN = 2,
    SRE_MAX = 3,
    SRE_BODY = 4,      // of repeats
    SRE_BACK = 2,      // of assertions
    SRE_INFO_FIRST = 5 // the charset, or the length of the prefix
};

typedef struct sre_pattern {
    mp_obj_base_t base;
    mp_obj_t pattern; // str, bytes or None
    mp_obj_t groupindex;
    mp_obj_t indexgroup;
    mp_uint_t flags;
    size_t groups; // without the whole
    size_t length;
    sre_code_t code[];
} sre_pattern_t;

// What is searched.
typedef struct sre_text {
    mp_obj_t object;
    const byte *data;
    size_t length; // bytes
    bool is_str;
    bool is_utf8; // characters of several bytes are in it
} sre_text_t;

struct sre_entry;

#define SRE_FEW_MARKS 20
#define SRE_FEW_ENTRIES 24

// A search, on the C stack of who searches.
typedef struct sre_state {
    const sre_pattern_t *pattern;
    const byte *begin, *end; // of what may be looked at
    const byte *from, *to;   // of the match that was found
    bool is_utf8;
    bool must_end;     // fullmatch: where the text ends
    bool must_advance; // not empty where the search begins
    size_t lastindex;
    uint64_t steps, steps_max;
    const byte **marks;
    struct sre_entry *stack;
    uint32_t top, room;
    const byte *few_marks[SRE_FEW_MARKS];
    uint64_t few_entries[SRE_FEW_ENTRIES * 4];
} sre_state_t;

// check.c
bool sre_check(const sre_pattern_t *pattern);

// chars.c
uint32_t sre_lower(uint32_t c);
uint32_t sre_upper(uint32_t c);
uint32_t sre_lower_ascii(uint32_t c);
bool sre_category(sre_code_t category, uint32_t c);

// set.c
bool sre_in_set(const sre_code_t *set, uint32_t c);
bool sre_takes(const sre_code_t *pc, uint32_t c);
size_t sre_count(sre_state_t *s, const sre_code_t *pc, size_t max, const byte **at);

// at.c
bool sre_at(const sre_state_t *s, sre_code_t where, const byte *p);
bool sre_same_group(const sre_state_t *s, sre_code_t op, size_t group, const byte **at);
const byte *sre_back(const sre_state_t *s, const byte *p, size_t count);

// stack.c, engine.c, search.c
void sre_begin(sre_state_t *s, const sre_pattern_t *pattern, const sre_text_t *text, size_t begin, size_t end);
void sre_step(sre_state_t *s, size_t count);
void sre_grow(sre_state_t *s);
bool sre_match(sre_state_t *s, const byte *p);
bool sre_search(sre_state_t *s, const byte *p);

// text.c
sre_text_t sre_text(const sre_pattern_t *pattern, mp_obj_t object);
mp_obj_t sre_slice(const sre_text_t *text, size_t from, size_t to);
size_t sre_byte_of(const sre_text_t *text, size_t index, size_t max);
size_t sre_chars(const sre_text_t *text, size_t from, size_t to);

// pattern.c, result.c, scanner.c
extern const mp_obj_type_t sre_pattern_type, sre_match_type, sre_scanner_type;
mp_obj_t sre_result(
    const sre_state_t *s, const sre_text_t *text, mp_obj_t pos, mp_obj_t endpos, size_t near, size_t near_char);
mp_obj_t sre_result_of(const sre_state_t *s, const sre_text_t *text, size_t group, mp_obj_t absent);
mp_obj_t sre_scanner(mp_obj_t pattern, size_t n_args, const mp_obj_t *args, bool is_iterator);
mp_obj_t sre_split(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args);
mp_obj_t sre_sub(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args);
mp_obj_t sre_subn(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args);
mp_obj_t sre_findall(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args);

static inline bool sre_is_continuation(byte b) {
    return (b & 0xc0) == 0x80;
}

// The character at p, behind which p then is. A str ends with a 0, so that a broken last character ends there.
static inline uint32_t sre_char(bool is_utf8, const byte **at) {
    const byte *p = *at;
    uint32_t c = *p++;
    if (is_utf8 && c >= 0xc0) {
        c &= c >= 0xf0 ? 0x07 : c >= 0xe0 ? 0x0f : 0x1f;
        while (sre_is_continuation(*p)) {
            c = c << 6 | (*p++ & 0x3f);
        }
    }
    *at = p;
    return c;
}

static inline const byte *sre_previous(bool is_utf8, const byte *begin, const byte *p) {
    p--;
    while (is_utf8 && p > begin && sre_is_continuation(*p)) {
        p--;
    }
    return p;
}

#endif
