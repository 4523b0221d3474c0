// engine.h - the entries of the engine's stack: marks to restore, and where to continue after a failure.

#ifndef SRE_ENGINE_H
#define SRE_ENGINE_H

#include "sre.h"

typedef enum {
    SRE_UNDO,         // mark `pc` was `ptr`, and the last group `count`
    SRE_CHOICE,       // go on at `pc`
    SRE_ALTERNATIVES, // `pc` is the link before the next one
    SRE_FEWER,        // REPEAT_ONE: the text behind may also begin at `ptr`, and `count` characters earlier
    SRE_MORE,         // MIN_REPEAT_ONE: one character more, of `count` so far
    SRE_ROUND,        // REPEAT at `pc`: round `count` began at `ptr`; or what follows begins there
    SRE_FIRST_ROUND,  // the same, but what follows may not yet begin (`ptr` is NULL)
    SRE_ROUND_OR_NOT, // MIN_UNTIL: one round more than in the round `rep`
    SRE_AHEAD,        // from here on they are frames: a part of the program that ends with a SUCCESS of its own
    SRE_NOT_AHEAD,
    SRE_ATOMIC,
    SRE_POSSESSIVE, // `count` rounds so far
} sre_kind_t;

typedef struct sre_entry {
    sre_kind_t kind;
    uint32_t pc;
    uint32_t count;
    uint32_t rep;   // the current round of the current loop, an index of the stack; 0 is none
    uint32_t outer; // of rounds, that of the loop around; of frames, the frame around
    const byte *ptr;
} sre_entry_t;

static inline uint32_t sre_push(sre_state_t *s, sre_entry_t entry) {
    if (s->top == s->room) {
        sre_grow(s);
    }
    s->stack[s->top] = entry;
    return s->top++;
}

#endif
