// string.h - C11 7.24, as far as it is used (libc/memory.c, libc/string.c).
#ifndef PYMNET_LIBC_STRING_H
#define PYMNET_LIBC_STRING_H
#include <stddef.h>
void *memchr(const void *bytes, int c, size_t size);
int memcmp(const void *left, const void *right, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *bytes, int c, size_t size);
char *strchr(const char *string, int c);
char *strrchr(const char *string, int c);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t size);
size_t strlen(const char *string);
size_t strnlen(const char *string, size_t size);
char *strstr(const char *string, const char *part);
#endif
