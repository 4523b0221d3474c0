// What port/platform/unikraft uses of the console since 0.18, in words of our own.
#ifndef PYMNET_TESTS_UK_CONSOLE_H
#define PYMNET_TESTS_UK_CONSOLE_H

#include <stddef.h>

long uk_console_out(const char *text, size_t length);

#endif // PYMNET_TESTS_UK_CONSOLE_H
