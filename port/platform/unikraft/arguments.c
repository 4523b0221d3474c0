// arguments.c - see arguments.h.

#include <string.h>

#include "arguments.h"

struct line {
    char *text;
    size_t size, length;
    bool full;
};

static void add(struct line *line, const char *text, size_t length) {
    if (length >= line->size - line->length) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
}

static void add_text(struct line *line, const char *text) {
    add(line, text, strlen(text));
}

static void add_separator(struct line *line) {
    if (line->length > 0) {
        add_text(line, " ");
    }
}

static bool is_plain(const char *word) {
    bool plain = *word != '\0';
    for (; *word != '\0'; word++) {
        plain = plain && strchr(" \t\r\n\v'\"", *word) == NULL;
    }
    return plain;
}

// The parser on the other side supports both quotes but no escapes: each part of a word is put into quotes
// that it does not contain.
static void add_word(struct line *line, const char *word) {
    add_separator(line);
    if (is_plain(word)) {
        add_text(line, word);
        return;
    }
    do {
        const char *quote = *word == '"' ? "'" : "\"";
        const char *end = strchr(word, *quote);
        size_t length = end != NULL ? (size_t)(end - word) : strlen(word);
        add_text(line, quote);
        add(line, word, length);
        add_text(line, quote);
        word += length;
    } while (*word != '\0');
}

static void add_default(struct line *line, const char *option, const char *value) {
    add_separator(line);
    add_text(line, option);
    add_text(line, value);
}

static bool names_an_address(int count, char *const words[]) {
    static const char option[] = "--ipv4";
    const size_t length = sizeof(option) - 1;
    for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        if (strncmp(words[i], option, length) == 0 && (words[i][length] == '\0' || words[i][length] == '=')) {
            return true;
        }
    }
    return false;
}

bool arguments_join(char *text, size_t size, int count, char *const words[], const struct arguments_address *address) {
    struct line line = {.text = text, .size = size};
    text[0] = '\0';
    int first = count > 0;
    // A command line of arguments only begins with the separator, which Unikraft does not remove then.
    first += count > first && strcmp(words[first], "--") == 0;
    words += first;
    count -= first;
    if (address->cidr != NULL && !names_an_address(count, words)) {
        add_default(&line, "--ipv4=", address->cidr);
        if (address->gateway != NULL) {
            add_default(&line, "--ipv4-gateway=", address->gateway);
        }
    }
    for (int i = 0; i < count; i++) {
        add_word(&line, words[i]);
    }
    return !line.full;
}
