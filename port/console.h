// console.h - the interpreter's console. A trip to the host costs 1 to 40 us, and print() writes in pieces:
// output is collected until a line ends, the buffer fills, or the machine goes idle.
//
// A bounded buffer holds output while the host is slow or stopped. When it is full the running fiber waits,
// not the machine. A writer that cannot wait (the scheduler's loop, a finaliser), or is configured not to
// (`--console=drop`), has its lines dropped; a later line reports how many bytes.

#ifndef PYMNET_CONSOLE_H
#define PYMNET_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

// `drops`: output is dropped instead of waiting for room.
void console_init(bool drops);

// May raise the exception thrown at a waiting fiber.
void console_write(const char *text, size_t length);

// As console_write(), but never waits.
void console_log(const char *text, size_t length);

// The program has ended: for one second output waits for room even where it is otherwise dropped.
void console_last_words(void);

// Passes to the host what it accepts now, and wakes the fibers that fit then.
void console_flush(void);

// The last call: from now on the machine waits for the host. Writes out what is collected.
void console_finish(void);

// Reads available input without waiting. Returns its length; 0: none.
size_t console_read(char *buffer, size_t size);
bool console_readable(void);

#endif // PYMNET_CONSOLE_H
