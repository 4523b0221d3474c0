// stacks.h - the pool that fibers' C stacks come from (port/fiber/fiber.h says what fibers expect of it).

#ifndef PYMNET_STACKS_H
#define PYMNET_STACKS_H

#include <stddef.h>
#include <stdint.h>

// Makes the pool; called once, before the first fiber.
void stacks_init(uintptr_t start, uintptr_t end);

// Bytes of the pool, page tables excluded.
size_t stacks_size(void);

#endif // PYMNET_STACKS_H
