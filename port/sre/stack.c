// stack.c - the state of a search: its marks, its stack, and the bounds of both time and memory.

#include <string.h>

#include "py/runtime.h"
#include "engine.h"

// Half a second, whatever the pattern and the text; more if reading the text once takes longer.
#define STEPS_MAX (10000000)
#define STEPS_A_BYTE (32)
#define ENTRIES_MAX (1 << 20)

_Static_assert(sizeof(sre_entry_t) == 4 * sizeof(uint64_t), "few_entries");

void sre_begin(sre_state_t *s, const sre_pattern_t *pattern, const sre_text_t *text, size_t begin, size_t end) {
    s->pattern = pattern;
    s->begin = text->data;
    s->end = text->data + end;
    s->from = s->to = text->data + begin;
    s->is_utf8 = text->is_utf8;
    s->must_end = s->must_advance = false;
    s->steps = 0;
    s->steps_max = STEPS_MAX + (uint64_t)STEPS_A_BYTE * text->length;
    size_t marks = 2 * pattern->groups;
    s->marks = marks <= SRE_FEW_MARKS ? s->few_marks : m_new(const byte *, marks);
    s->stack = (sre_entry_t *)s->few_entries;
    s->room = SRE_FEW_ENTRIES;
}

__attribute__((noinline, noreturn)) static void too_long(void) {
    mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("regular expression takes too long"));
}

void sre_step(sre_state_t *s, size_t count) {
    s->steps += count;
    if (MP_UNLIKELY(s->steps > s->steps_max)) {
        too_long();
    }
}

void sre_grow(sre_state_t *s) {
    if (s->room >= ENTRIES_MAX) {
        mp_raise_msg(&mp_type_MemoryError, MP_ERROR_TEXT("regular expression needs too much memory"));
    }
    sre_entry_t *larger;
    if (s->stack == (sre_entry_t *)s->few_entries) {
        larger = m_new(sre_entry_t, s->room * 4);
        memcpy(larger, s->stack, s->room * sizeof(sre_entry_t));
        s->room *= 4;
    } else {
        larger = m_renew(sre_entry_t, s->stack, s->room, s->room * 2);
        s->room *= 2;
    }
    s->stack = larger;
}
