// text.h - builds a line without printf: for start-up and for reports when the interpreter is no longer
// trusted.

#ifndef PYMNET_TEXT_H
#define PYMNET_TEXT_H

#include <stddef.h>
#include <stdint.h>

// A line that cannot overflow: excess text is cut off.
struct text {
    size_t length;
    char bytes[240];
};

void text_add(struct text *text, const char *string);
void text_add_hex(struct text *text, uint64_t value, unsigned digits); // digits: at least as many
void text_add_decimal(struct text *text, uint64_t value);

// Writes the line and a newline to the platform's console, unbatched, and empties it.
void text_print(struct text *text);

// A whole line at once: "first second\n"; `second` may be NULL.
void text_say(const char *first, const char *second);

#endif // PYMNET_TEXT_H
