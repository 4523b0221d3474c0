// console.c - see console.h.

#include <string.h>

#include "console.h"
#include "platform.h"

static char output[1024];
static size_t output_length;

static char input[256];
static size_t input_start, input_end;

void console_flush(void) {
    // Emptied first: a fault inside the platform's write must not write it twice (runtime_unwritten()).
    size_t length = output_length;
    output_length = 0;
    if (length > 0) {
        platform_console_write(output, length);
    }
}

void console_write(const char *text, size_t length) {
    bool line_ends = memchr(text, '\n', length) != NULL;
    while (length > 0) {
        size_t part = sizeof(output) - output_length;
        part = length < part ? length : part;
        memcpy(output + output_length, text, part);
        output_length += part;
        text += part;
        length -= part;
        if (output_length == sizeof(output)) {
            console_flush();
        }
    }
    if (line_ends) {
        console_flush();
    }
}

size_t runtime_unwritten(const char **text) {
    *text = output;
    return output_length;
}

bool console_readable(void) {
    if (input_start == input_end) {
        input_start = 0;
        input_end = platform_console_read(input, sizeof(input));
    }
    return input_start < input_end;
}

size_t console_read(char *buffer, size_t size) {
    size_t length = 0;
    while (length < size && console_readable()) {
        buffer[length++] = input[input_start++];
    }
    return length;
}
