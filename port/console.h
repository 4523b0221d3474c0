// console.h - the console as the interpreter uses it. A trip to the host costs 1 to 40 us, and print() writes in pieces:
// output is collected until a line ends, the buffer is full, or the machine goes idle.

#ifndef PYMNET_CONSOLE_H
#define PYMNET_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

void console_write(const char *text, size_t length);
void console_flush(void);

// What was typed, without waiting; 0: nothing.
size_t console_read(char *buffer, size_t size);
bool console_readable(void);

#endif // PYMNET_CONSOLE_H
