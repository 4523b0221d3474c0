// stdio.h - formatting only, by MicroPython's shared/libc/printf.c.
#ifndef PYMNET_LIBC_STDIO_H
#define PYMNET_LIBC_STDIO_H
#include <stdarg.h>
#include <stddef.h>
int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int snprintf(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int vprintf(const char *format, va_list arguments);
int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
int putchar(int c);
int puts(const char *string);
#endif
