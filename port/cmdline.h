// cmdline.h - the few image arguments that matter before there is an interpreter.

#ifndef PYMNET_CMDLINE_H
#define PYMNET_CMDLINE_H

#include <stdbool.h>

// Whether `option` is one of the words of `arguments`, before a word `--` that ends the options.
bool cmdline_has(const char *arguments, const char *option);

#endif // PYMNET_CMDLINE_H
