// text.c - see text.h.

#include <string.h>

#include "platform.h"
#include "text.h"

void text_add(struct text *text, const char *string) {
    size_t room = sizeof(text->bytes) - text->length;
    size_t length = strlen(string);
    if (length > room) {
        length = room;
    }
    memcpy(text->bytes + text->length, string, length);
    text->length += length;
}

static void add_number(struct text *text, uint64_t value, unsigned base, unsigned digits) {
    char buffer[24];
    char *start = buffer + sizeof(buffer) - 1;
    *start = '\0';
    do {
        *--start = "0123456789abcdef"[value % base];
        value /= base;
        digits -= digits > 0;
    } while ((value > 0 || digits > 0) && start > buffer);
    text_add(text, start);
}

void text_add_hex(struct text *text, uint64_t value, unsigned digits) {
    text_add(text, "0x");
    add_number(text, value, 16, digits);
}

void text_add_decimal(struct text *text, uint64_t value) {
    add_number(text, value, 10, 1);
}

void text_print(struct text *text) {
    if (text->length == sizeof(text->bytes)) {
        text->length--;
    }
    text->bytes[text->length++] = '\n';
    platform_console_write(text->bytes, text->length);
    text->length = 0;
}

void text_say(const char *first, const char *second) {
    struct text line = {.length = 0};
    text_add(&line, first);
    if (second != NULL) {
        text_add(&line, second);
    }
    text_print(&line);
}
