// console.h - the console as the interpreter uses it. A trip to the host costs 1 to 40 us, and print() writes in pieces:
// output is collected until a line ends, there is much of it, or the machine goes idle.
//
// It waits in a bounded buffer for a host that takes it more slowly, or not at all. When that is full the running fiber
// waits, not the machine; who cannot wait (the scheduler's loop, a finaliser), or asked not to (`--console=drop`), has its
// lines dropped, and their bytes are counted in a line that follows.

#ifndef PYMNET_CONSOLE_H
#define PYMNET_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

// `drops`: nobody waits for room.
void console_init(bool drops);

// May raise what is thrown at a fiber that waits.
void console_write(const char *text, size_t length);

// The same for callers in the middle of something: never waits.
void console_log(const char *text, size_t length);

// The program has ended: for a second, what is written waits for room also where output is dropped.
void console_last_words(void);

// Gives the host as much as it takes now, and lets those go on for whom there is room then.
void console_flush(void);

// No other fiber is to run any more: from now on the machine waits for the host. Writes out what is collected.
void console_finish(void);

// What was typed, without waiting; 0: nothing.
size_t console_read(char *buffer, size_t size);
bool console_readable(void);

#endif // PYMNET_CONSOLE_H
