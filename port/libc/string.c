// string.c - the str functions. C11 7.24.

#include <stdint.h>
#include <string.h>

size_t strlen(const char *string) {
    size_t length = 0;
    while (string[length] != '\0') {
        length++;
    }
    return length;
}

size_t strnlen(const char *string, size_t size) {
    size_t length = 0;
    while (length < size && string[length] != '\0') {
        length++;
    }
    return length;
}

int strncmp(const char *left, const char *right, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (left[i] != right[i] || left[i] == '\0') {
            return (unsigned char)left[i] - (unsigned char)right[i];
        }
    }
    return 0;
}

int strcmp(const char *left, const char *right) {
    return strncmp(left, right, SIZE_MAX);
}

char *strchr(const char *string, int c) {
    for (; *string != (char)c; string++) {
        if (*string == '\0') {
            return NULL;
        }
    }
    return (char *)string;
}

char *strrchr(const char *string, int c) {
    const char *last = NULL;
    do {
        if (*string == (char)c) {
            last = string;
        }
    } while (*string++ != '\0');
    return (char *)last;
}

char *strstr(const char *string, const char *part) {
    size_t length = strlen(part);
    for (; strncmp(string, part, length) != 0; string++) {
        if (*string == '\0') {
            return NULL;
        }
    }
    return (char *)string;
}
