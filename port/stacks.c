// stacks.c - see stacks.h. The shared stack of the fibers lies at the end, below it an absent page, and below
// that the pieces that hold the frames of waiting fibers.

#include <stdbool.h>

#include "fiber/fiber.h"
#include "platform.h"
#include "stacks.h"

// The header of a free piece.
struct free_piece {
    struct free_piece *next;
};

static uintptr_t pieces, pieces_next, pieces_end; // pieces are allocated from the start upwards, then reused
static uintptr_t guard, stack, stack_end;
static struct free_piece *free_pieces;
static size_t n_free;

void stacks_init(uintptr_t start, uintptr_t end, size_t stack_size) {
    stack = end - stack_size;
    stack_end = end;
    uintptr_t tables = stack - GUARD_PAGES * PLATFORM_PAGE, absent_end = stack;
    guard = tables;
    pieces = pieces_next = start;
    pieces_end = platform_pages_absent(&guard, &absent_end) ? tables : stack;
    n_free = (pieces_end - pieces) / FIBER_PIECE;
}

size_t stacks_size(void) {
    return stack_end - pieces;
}

char *fiber_stack(size_t *size) {
    *size = stack_end - stack;
    return (char *)stack;
}

void *fiber_piece_alloc(void) {
    struct free_piece *piece = free_pieces;
    if (piece != NULL) {
        free_pieces = piece->next;
    } else if (pieces_end - pieces_next >= FIBER_PIECE) {
        piece = (struct free_piece *)pieces_next;
        pieces_next += FIBER_PIECE;
    } else {
        return NULL;
    }
    n_free--;
    return piece;
}

bool fiber_piece_free(void *memory) {
    if ((uintptr_t)memory < pieces || (uintptr_t)memory >= pieces_end) {
        return false;
    }
    struct free_piece *piece = memory;
    piece->next = free_pieces;
    free_pieces = piece;
    n_free++;
    return true;
}

size_t fiber_pieces_free(void) {
    return n_free;
}

const char *runtime_name_address(uintptr_t address, bool absent) {
    if (address < pieces || address >= stack_end) {
        return NULL;
    }
    if (address >= stack) {
        return "a fiber's stack";
    }
    return absent && address >= guard ? "the guard page of a fiber's stack: stack overflow"
                                      : "the frames of waiting fibers";
}
