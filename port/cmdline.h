// cmdline.h - the few image arguments that matter before there is an interpreter.

#ifndef PYMNET_CMDLINE_H
#define PYMNET_CMDLINE_H

// The start of `option` in `arguments` where it is a word by itself, before a word `--` that ends the options; or NULL.
const char *cmdline_find(const char *arguments, const char *option);

// Accepts random numbers that can be guessed, where the machine has no entropy.
#define INSECURE_ENTROPY "--insecure-entropy"

// Drops output that the console does not take, where otherwise the program waits.
#define CONSOLE_DROP "--console=drop"

#endif // PYMNET_CMDLINE_H
