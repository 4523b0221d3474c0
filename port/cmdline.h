// cmdline.h - the image arguments that are needed before the interpreter starts.

#ifndef PYMNET_CMDLINE_H
#define PYMNET_CMDLINE_H

// Finds `option` as a separate word in `arguments`, before a word `--` that ends the options. NULL: not
// found.
const char *cmdline_find(const char *arguments, const char *option);

// Allows predictable random numbers on a machine without entropy.
#define INSECURE_ENTROPY "--insecure-entropy"

// Drops output that the console does not accept; otherwise the program waits.
#define CONSOLE_DROP "--console=drop"

#endif // PYMNET_CMDLINE_H
