// start.h - the stack of the root fiber.

#ifndef PYMNET_UNIKRAFT_START_H
#define PYMNET_UNIKRAFT_START_H

#define START_STACK (128 << 10)

extern char x86_start_stack[START_STACK];

#endif // PYMNET_UNIKRAFT_START_H
