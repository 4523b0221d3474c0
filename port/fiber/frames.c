// frames.c - the shared stack of the fibers, and the frames of waiting ones: copied out when another fiber
// needs the space, and back to the same addresses before their fiber continues. If no other fiber ran
// meanwhile nothing is copied: a server with one busy connection never copies.

#include <string.h>

#include "py/gc.h"
#include "py/runtime.h"
#include "internal.h"

#define WORDS ((FIBER_PIECE - sizeof(void *)) / sizeof(uintptr_t))

// Bytes that a fiber pushes between fiber_frames_room() and the switch.
#define SWITCH_FRAMES 512

// Unused pieces that a fiber keeps, so that it does not allocate and free at every wait.
#define SPARE_PIECES 4

typedef struct _fiber_piece_t {
    struct _fiber_piece_t *next;
    uintptr_t words[WORDS];
} piece_t;

_Static_assert(sizeof(piece_t) == FIBER_PIECE, "a piece is a piece");
_Static_assert(sizeof(fiber_t) <= FIBER_PIECE, "a fiber fits into a piece");

static char *stack_low, *stack_top;
static fiber_t *owner;           // the fiber whose frames are on the stack, or will be at its next switch
static size_t n_platform_pieces; // allocated in total
static size_t n_pieces, n_exchanges;

// The copying code needs a stack of its own.
static char exchange_stack[FIBER_EXCHANGE_STACK] __attribute__((aligned(16)));

char *fiber_frames_top(void) {
    if (stack_top == NULL) {
        size_t size;
        stack_low = fiber_stack(&size);
        stack_top = stack_low == NULL ? NULL : stack_low + size;
    }
    return stack_top;
}

size_t fiber_frames_depth(void) {
    return (size_t)(stack_top - stack_low);
}

// Pieces -------------------------------------------------------------------------------------------------------------

// Half of the platform's pieces are for frames; the other half is for fibers, and for frames when the heap is
// full.
static piece_t *new_piece(bool urgent) {
    size_t left = fiber_pieces_free();
    if (n_platform_pieces == 0) {
        n_platform_pieces = left;
    }
    piece_t *piece = left > n_platform_pieces / 2 ? fiber_piece_alloc() : NULL;
    if (piece == NULL) {
        piece = gc_alloc(FIBER_PIECE, 0);
    }
    if (piece == NULL && urgent) {
        piece = fiber_piece_alloc();
    }
    return piece;
}

static bool add_piece(fiber_t *f, bool urgent) {
    piece_t *piece = new_piece(urgent);
    if (piece == NULL) {
        return false;
    }
    piece->next = f->pieces;
    f->pieces = piece;
    f->n_pieces++;
    n_pieces++;
    return true;
}

static void drop_piece(fiber_t *f) {
    piece_t *piece = f->pieces;
    f->pieces = piece->next;
    f->n_pieces--;
    n_pieces--;
    if (!fiber_piece_free(piece)) {
        gc_free(piece);
    }
}

static bool set_pieces(fiber_t *f, size_t needed, bool urgent) {
    while (f->n_pieces < needed) {
        if (!add_piece(f, urgent)) {
            return false;
        }
    }
    while (f->n_pieces > needed + SPARE_PIECES && f->n_pieces > FIBER_PIECES_MIN) {
        drop_piece(f);
    }
    return true;
}

bool fiber_frames_begin(fiber_t *f) {
    return set_pieces(f, FIBER_PIECES_MIN, false);
}

bool fiber_frames_room(fiber_t *f) {
    volatile char here;
    size_t used = (size_t)(stack_top - (char *)&here) + SWITCH_FRAMES;
    return set_pieces(f, (used + sizeof(uintptr_t) * WORDS - 1) / (sizeof(uintptr_t) * WORDS), true);
}

void fiber_frames_end(fiber_t *f) {
    while (f->pieces != NULL) {
        drop_piece(f);
    }
}

size_t fiber_frames_pieces(void) {
    return n_pieces;
}

size_t fiber_frames_exchanges(void) {
    return n_exchanges;
}

// Copying ------------------------------------------------------------------------------------------------------------

// Calls `each` with every part of a fiber's frames: its address on the stack, and its copy.
static void walk(fiber_t *f, void (*each)(char *place, piece_t *piece, size_t size)) {
    char *place = f->sp;
    for (piece_t *piece = f->pieces; place < stack_top; piece = piece->next) {
        size_t size = MIN((size_t)(stack_top - place), sizeof(piece->words));
        each(place, piece, size);
        place += size;
    }
}

static void copy_out(char *place, piece_t *piece, size_t size) {
    memcpy(piece->words, place, size);
}

static void copy_in(char *place, piece_t *piece, size_t size) {
    memcpy(place, piece->words, size);
}

static void scan_kept(char *place, piece_t *piece, size_t size) {
    (void)place;
    fiber_gc_scan_words(piece->words, (char *)piece->words + size);
}

// Runs on its own stack: the current fiber's frames replace the owner's. Returns where to continue.
static void *exchange(void) {
    fiber_t *to = fibers.current;
    if (owner != NULL) {
        walk(owner, copy_out);
    }
    owner = to;
    n_exchanges++;
    if (to->sp == NULL) {
        to->sp = fiber_context_new(stack_top, fiber_entry);
    } else {
        walk(to, copy_in);
    }
    return to->sp;
}

void fiber_frames_switch(fiber_t *from, fiber_t *to) {
    if (to == fibers.root || to == owner) {
        fiber_context_switch(&from->sp, to->sp);
    } else {
        fiber_context_exchange(&from->sp, exchange_stack + sizeof(exchange_stack), exchange);
    }
}

void fiber_frames_forget(fiber_t *f) {
    if (owner == f) {
        owner = NULL;
    }
}

// A piece may be in the heap, and follow one that is not.
void fiber_frames_mark(fiber_t *f) {
    for (piece_t **link = &f->pieces; *link != NULL; link = &(*link)->next) {
        fiber_gc_scan_words(link, link + 1);
    }
}

// For a fiber that is not running.
void fiber_frames_scan(fiber_t *f) {
    if (f == fibers.root || f == owner) {
        fiber_gc_scan_words(f->sp, f->thread.stack_top);
    } else if (f->sp != NULL) {
        walk(f, scan_kept);
    }
}
