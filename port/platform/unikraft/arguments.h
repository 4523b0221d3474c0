// arguments.h - the image's arguments as one string again, from the words that Unikraft made of its command line.

#ifndef PYMNET_UNIKRAFT_ARGUMENTS_H
#define PYMNET_UNIKRAFT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

// What the launcher says of the first network device; NULL: nothing.
struct arguments_address {
    const char *cidr, *gateway;
};

// Writes the words after argv[0], with quotes where blanks are in them. Where no word is `--ipv4`, the launcher's address
// comes first, so that it is a default. false: they do not fit.
bool arguments_join(char *text, size_t size, int count, char *const words[], const struct arguments_address *address);

#endif // PYMNET_UNIKRAFT_ARGUMENTS_H
