// arguments.h - joins the words that Unikraft made of its command line to the image's argument string.

#ifndef PYMNET_UNIKRAFT_ARGUMENTS_H
#define PYMNET_UNIKRAFT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

// The launcher's address of the first network device; NULL: none.
struct arguments_address {
    const char *cidr, *gateway;
};

// Writes the words after argv[0], with quotes where blanks are in them. Where no word is `--ipv4`, the launcher's address
// comes first, so that it is a default. false: they do not fit.
bool arguments_join(char *text, size_t size, int count, char *const words[], const struct arguments_address *address);

#endif // PYMNET_UNIKRAFT_ARGUMENTS_H
