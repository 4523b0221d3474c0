// engine.c - matching at a position: the instructions, and backtracking.
//
// State to restore is on the stack: when an instruction fails, entries are popped until one says where to continue. Loops
// do not count in place: every round is an entry of its own with a link to the one before, so that backtracking to a
// round restores its number. An assertion or an atomic group is a frame: its SUCCESS drops the entries pushed since,
// except the marks to restore.

#include <string.h>

#include "engine.h"

typedef struct {
    sre_state_t *s;
    const sre_code_t *code;
    uint32_t pc;
    uint32_t rep;   // the round we are in
    uint32_t frame; // the frame we are in; 0 is the whole pattern
    const byte *p;
} vm_t;

static uint32_t behind(const vm_t *v, uint32_t pc) {
    return pc + SRE_SKIP + v->code[pc + SRE_SKIP];
}

static bool go(vm_t *v, uint32_t pc, const byte *p, uint32_t rep) {
    v->pc = pc;
    v->p = p;
    v->rep = rep;
    return true;
}

static void set_mark(vm_t *v, uint32_t mark) {
    sre_state_t *s = v->s;
    sre_push(s, (sre_entry_t) {.kind = SRE_UNDO, .pc = mark, .count = s->lastindex, .ptr = s->marks[mark]});
    s->marks[mark] = v->p;
    if (mark & 1) {
        s->lastindex = mark / 2 + 1;
    }
}

static void undo(sre_state_t *s, const sre_entry_t *e) {
    s->marks[e->pc] = e->ptr;
    s->lastindex = e->count;
}

// Whether an alternative or a tail that begins with this instruction need not be tried: it takes another character.
static bool is_hopeless(const vm_t *v, uint32_t pc, const byte *p) {
    sre_code_t op = v->code[pc];
    if (op != SRE_LITERAL && op != SRE_IN) {
        return false;
    }
    return p >= v->s->end || !sre_takes(v->code + pc, sre_char(v->s->is_utf8, &p));
}

static bool branch(vm_t *v, uint32_t link) {
    for (; v->code[link] != 0; link += v->code[link]) {
        uint32_t next = link + v->code[link];
        if (is_hopeless(v, link + 1, v->p)) {
            continue;
        }
        if (v->code[next] != 0) {
            sre_push(v->s, (sre_entry_t) {.kind = SRE_ALTERNATIVES, .pc = next, .ptr = v->p, .rep = v->rep});
        }
        v->pc = link + 1;
        return true;
    }
    return false;
}

// The text behind a greedy run may begin at e.ptr, or as many as e.count characters before: the last place first.
static bool fewer(vm_t *v, sre_entry_t e) {
    sre_state_t *s = v->s;
    uint32_t tail = behind(v, e.pc), before = e.count;
    while (is_hopeless(v, tail, e.ptr)) {
        if (e.count == 0) {
            sre_step(s, before / 4);
            return false;
        }
        e.count--;
        e.ptr = sre_previous(s->is_utf8, s->begin, e.ptr);
    }
    sre_step(s, (before - e.count) / 4);
    const byte *here = e.ptr;
    if (e.count > 0) {
        e.count--;
        e.ptr = sre_previous(s->is_utf8, s->begin, here);
        sre_push(s, e);
    }
    return go(v, tail, here, e.rep);
}

// REPEAT_ONE and its possessive and lazy kin, whose body is one instruction that takes a character.
static bool repeat_one(vm_t *v) {
    const sre_code_t *code = v->code + v->pc;
    bool lazy = code[0] == SRE_MIN_REPEAT_ONE;
    const byte *p = v->p;
    size_t count = sre_count(v->s, code + SRE_BODY, lazy ? code[SRE_MIN] : code[SRE_MAX], &p);
    if (count < code[SRE_MIN]) {
        return false;
    }
    if (code[0] == SRE_POSSESSIVE_REPEAT_ONE) {
        return go(v, behind(v, v->pc), p, v->rep);
    }
    sre_entry_t e = {.pc = v->pc, .ptr = p, .rep = v->rep};
    if (!lazy) {
        e.kind = SRE_FEWER;
        e.count = count - code[SRE_MIN];
        return fewer(v, e);
    }
    e.kind = SRE_MORE;
    e.count = count;
    sre_push(v->s, e);
    return go(v, behind(v, v->pc), p, v->rep);
}

static bool one_more(vm_t *v, sre_entry_t e) {
    const sre_code_t *code = v->code + e.pc;
    const byte *p = e.ptr;
    if (e.count >= code[SRE_MAX] || p >= v->s->end || !sre_takes(code + SRE_BODY, sre_char(v->s->is_utf8, &p))) {
        return false;
    }
    e.ptr = p;
    e.count++;
    sre_push(v->s, e);
    return go(v, behind(v, e.pc), p, e.rep);
}

static bool next_round(vm_t *v, sre_kind_t kind, const sre_entry_t *round, const byte *p) {
    sre_entry_t next = {.kind = kind, .pc = round->pc, .count = round->count + 1, .outer = round->outer};
    next.ptr = kind == SRE_ROUND ? p : NULL;
    uint32_t rep = sre_push(v->s, next);
    return go(v, next.pc + SRE_BODY, p, rep);
}

static bool repeat(vm_t *v) {
    v->rep = sre_push(v->s, (sre_entry_t) {.kind = SRE_FIRST_ROUND, .pc = v->pc, .outer = v->rep});
    v->pc = behind(v, v->pc);
    return true;
}

// The end of a round, or the beginning of the loop: another round or what follows. A round that took nothing is the
// last one, once there were enough.
static bool until(vm_t *v, bool lazy) {
    if (v->rep == 0) {
        return false;
    }
    sre_entry_t round = v->s->stack[v->rep];
    if (round.count < v->code[round.pc + SRE_MIN]) {
        return next_round(v, SRE_FIRST_ROUND, &round, v->p);
    }
    if (lazy) {
        sre_push(v->s, (sre_entry_t) {.kind = SRE_ROUND_OR_NOT, .ptr = v->p, .rep = v->rep});
    } else if (round.count < v->code[round.pc + SRE_MAX] && v->p != round.ptr) {
        return next_round(v, SRE_ROUND, &round, v->p);
    }
    return go(v, behind(v, round.pc) + 1, v->p, round.outer);
}

static bool one_more_round(vm_t *v, const sre_entry_t *e) {
    sre_entry_t round = v->s->stack[e->rep];
    if (round.count >= v->code[round.pc + SRE_MAX] || e->ptr == round.ptr) {
        return false;
    }
    return next_round(v, SRE_ROUND, &round, e->ptr);
}

static bool enter(vm_t *v, sre_kind_t kind, uint32_t body, const byte *p) {
    v->frame = sre_push(v->s, (sre_entry_t) {.kind = kind, .pc = v->pc, .ptr = v->p, .rep = v->rep, .outer = v->frame});
    v->pc = body;
    v->p = p;
    return true;
}

static bool assertion(vm_t *v, bool negative) {
    const byte *p = sre_back(v->s, v->p, v->code[v->pc + SRE_BACK]);
    if (p != NULL) {
        return enter(v, negative ? SRE_NOT_AHEAD : SRE_AHEAD, v->pc + 3, p);
    }
    v->pc = behind(v, v->pc);
    return negative;
}

// The rounds of a possessive loop at `pc` so far, the last one begun at `last`; text goes on at v->p.
static bool possessive(vm_t *v, uint32_t pc, uint32_t count, const byte *last) {
    v->pc = pc;
    if (count < v->code[pc + SRE_MIN] || (count < v->code[pc + SRE_MAX] && v->p != last)) {
        enter(v, SRE_POSSESSIVE, pc + SRE_BODY, v->p);
        v->s->stack[v->frame].count = count;
        return true;
    }
    v->pc = behind(v, pc) + 1;
    return true;
}

// Drop the frame and what was pushed in it, but for marks to restore.
static void cut(vm_t *v) {
    sre_state_t *s = v->s;
    uint32_t to = v->frame;
    v->frame = s->stack[to].outer;
    for (uint32_t from = to + 1; from < s->top; from++) {
        if (s->stack[from].kind == SRE_UNDO) {
            s->stack[to++] = s->stack[from];
        }
    }
    sre_step(s, (s->top - to) / 8);
    s->top = to;
}

// Take back everything since the frame was entered, and the frame.
static void abandon(vm_t *v) {
    sre_state_t *s = v->s;
    while (s->top > v->frame) {
        const sre_entry_t *e = &s->stack[--s->top];
        if (e->kind == SRE_UNDO) {
            undo(s, e);
        }
    }
    v->frame = s->stack[s->top].outer;
}

// The end of a frame's program.
static bool success(vm_t *v) {
    sre_entry_t e = v->s->stack[v->frame];
    const byte *p = v->p;
    if (e.kind == SRE_NOT_AHEAD) {
        abandon(v);
        return false;
    }
    cut(v);
    if (e.kind == SRE_POSSESSIVE) {
        v->rep = e.rep;
        return possessive(v, e.pc, e.count + 1, e.ptr);
    }
    return go(v, behind(v, e.pc), e.kind == SRE_ATOMIC ? p : e.ptr, e.rep);
}

// A frame whose program has failed: is that what was wanted?
static bool failed_frame(vm_t *v, const sre_entry_t *e) {
    v->frame = e->outer;
    if (e->kind == SRE_NOT_AHEAD) {
        return go(v, behind(v, e->pc), e->ptr, e->rep);
    }
    return e->kind == SRE_POSSESSIVE && e->count >= v->code[e->pc + SRE_MIN]
        && go(v, behind(v, e->pc) + 1, e->ptr, e->rep);
}

// Whether there is a way to go on from the entry, which has been popped.
static bool resume(vm_t *v, sre_entry_t e) {
    switch (e.kind) {
    case SRE_UNDO: undo(v->s, &e); return false;
    case SRE_CHOICE: return go(v, e.pc, e.ptr, e.rep);
    case SRE_ALTERNATIVES: go(v, e.pc, e.ptr, e.rep); return branch(v, e.pc);
    case SRE_FEWER: return fewer(v, e);
    case SRE_MORE: return one_more(v, e);
    case SRE_ROUND: return go(v, behind(v, e.pc) + 1, e.ptr, e.outer);
    case SRE_FIRST_ROUND: return false;
    case SRE_ROUND_OR_NOT: return one_more_round(v, &e);
    default: return failed_frame(v, &e);
    }
}

static bool back(vm_t *v) {
    sre_state_t *s = v->s;
    while (s->top > 1) {
        sre_step(s, 1);
        sre_entry_t e = s->stack[--s->top];
        if (resume(v, e)) {
            return true;
        }
    }
    return false;
}

static bool take(vm_t *v, uint32_t size) {
    if (v->p >= v->s->end || !sre_takes(v->code + v->pc, sre_char(v->s->is_utf8, &v->p))) {
        return false;
    }
    v->pc += size;
    return true;
}

static bool has_matched(const sre_state_t *s, size_t group) {
    const byte *from = s->marks[2 * group], *to = s->marks[2 * group + 1];
    return from != NULL && to != NULL && to >= from;
}

// One instruction. False if it fails.
static bool run(vm_t *v) {
    const sre_code_t *code = v->code + v->pc;
    switch (code[0]) {
    case SRE_LITERAL:
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_LOC_IGNORE:
    case SRE_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL:
    case SRE_NOT_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_LOC_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE:
    case SRE_CATEGORY: return take(v, 2);
    case SRE_ANY:
    case SRE_ANY_ALL: return take(v, 1);
    case SRE_IN:
    case SRE_IN_IGNORE:
    case SRE_IN_LOC_IGNORE:
    case SRE_IN_UNI_IGNORE: return take(v, 1 + code[SRE_SKIP]);
    case SRE_MARK:
        set_mark(v, code[1]);
        v->pc += 2;
        return true;
    case SRE_JUMP: v->pc = behind(v, v->pc); return true;
    case SRE_AT: v->pc += 2; return sre_at(v->s, code[1], v->p);
    case SRE_BRANCH: return branch(v, v->pc + 1);
    case SRE_REPEAT_ONE:
    case SRE_MIN_REPEAT_ONE:
    case SRE_POSSESSIVE_REPEAT_ONE: return repeat_one(v);
    case SRE_REPEAT: return repeat(v);
    case SRE_MAX_UNTIL: return until(v, false);
    case SRE_MIN_UNTIL: return until(v, true);
    case SRE_POSSESSIVE_REPEAT: return possessive(v, v->pc, 0, NULL);
    case SRE_ASSERT: return assertion(v, false);
    case SRE_ASSERT_NOT: return assertion(v, true);
    case SRE_ATOMIC_GROUP: return enter(v, SRE_ATOMIC, v->pc + 2, v->p);
    case SRE_GROUPREF:
    case SRE_GROUPREF_IGNORE:
    case SRE_GROUPREF_LOC_IGNORE:
    case SRE_GROUPREF_UNI_IGNORE: v->pc += 2; return sre_same_group(v->s, code[0], code[1], &v->p);
    case SRE_GROUPREF_EXISTS: v->pc += has_matched(v->s, code[1]) ? 3 : 1 + code[2]; return true;
    case SRE_INFO: v->pc = behind(v, v->pc); return code[SRE_MIN + 1] <= (size_t)(v->s->end - v->p);
    default: return false; // FAILURE
    }
}

// Whether what ends at v->p is wanted.
static bool is_wanted(const vm_t *v, const byte *begin) {
    return !(v->s->must_end && v->p != v->s->end) && !(v->s->must_advance && v->p == begin);
}

// Whether the pattern matches at p: from s->from to s->to, with s->marks.
bool sre_match(sre_state_t *s, const byte *p) {
    vm_t v = {.s = s, .code = s->pattern->code, .p = p};
    memset(s->marks, 0, 2 * s->pattern->groups * sizeof(*s->marks));
    s->lastindex = 0;
    s->top = 1; // index 0 is none
    for (;;) {
        sre_step(s, 1);
        bool is_end = v.code[v.pc] == SRE_SUCCESS;
        if (is_end && v.frame == 0 && is_wanted(&v, p)) {
            s->from = p;
            s->to = v.p;
            return true;
        }
        bool goes_on = is_end ? v.frame != 0 && success(&v) : run(&v);
        if (!goes_on && !back(&v)) {
            return false;
        }
    }
}
