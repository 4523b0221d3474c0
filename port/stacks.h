// stacks.h - the stack that fibers share, and memory for the frames of those that wait (port/fiber/fiber.h says what fibers
// expect of it).

#ifndef PYMNET_STACKS_H
#define PYMNET_STACKS_H

#include <stddef.h>
#include <stdint.h>

// An absent page, and page tables for it.
#define GUARD_PAGES 3

// Divides a range of whole pages: a stack of that many bytes, with a guard below it where the machine can take pages away,
// and the rest. Called once, before the first fiber.
void stacks_init(uintptr_t start, uintptr_t end, size_t stack_size);

// Bytes of the whole range.
size_t stacks_size(void);

#endif // PYMNET_STACKS_H
