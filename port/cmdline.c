// cmdline.c - see cmdline.h.

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "cmdline.h"

static bool is_word(const char *word, size_t length, const char *wanted) {
    return strlen(wanted) == length && memcmp(word, wanted, length) == 0;
}

const char *cmdline_find(const char *arguments, const char *option) {
    for (;;) {
        while (*arguments == ' ') {
            arguments++;
        }
        size_t length = 0;
        while (arguments[length] != '\0' && arguments[length] != ' ') {
            length++;
        }
        if (length == 0 || is_word(arguments, length, "--")) {
            return NULL;
        }
        if (is_word(arguments, length, option)) {
            return arguments;
        }
        arguments += length;
    }
}
