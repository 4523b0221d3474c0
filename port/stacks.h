// stacks.h - the shared stack of the fibers, and memory for the frames of waiting ones (required by
// port/fiber/fiber.h).

#ifndef PYMNET_STACKS_H
#define PYMNET_STACKS_H

#include <stddef.h>
#include <stdint.h>

// An absent page, and page tables for it.
#define GUARD_PAGES 3

// Divides a range of whole pages: a stack of `size` bytes, with an absent guard page below it where the
// machine supports that, and the rest. Called once, before the first fiber.
void stacks_init(uintptr_t start, uintptr_t end, size_t stack_size);

// Bytes of the whole range.
size_t stacks_size(void);

#endif // PYMNET_STACKS_H
