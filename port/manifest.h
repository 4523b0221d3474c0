// manifest.h - the device manifest: the devices that the image requires, by name. Solo5's format (MFT1,
// version 1), written by the build into every image on every board, filled in by the machine that runs it.
// Facts: Solo5 ABI 2, note type MFT1. No number in it is trusted: tenders write parts of it.

#ifndef PYMNET_MANIFEST_H
#define PYMNET_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#define MANIFEST_VERSION 1
#define MANIFEST_ENTRIES_MAX 64
#define MANIFEST_NAME_SIZE 68 // with the NUL

enum manifest_type {
    MANIFEST_BLOCK = 1,
    MANIFEST_NET = 2,
    MANIFEST_RESERVED = 0x40000000, // entry 0, without a name
};

struct manifest_entry {
    char name[MANIFEST_NAME_SIZE];
    uint32_t type;
    union {
        struct {
            uint64_t capacity;
            uint16_t block_size;
        } block;
        struct {
            uint8_t mac[6];
            uint16_t mtu;
        } net;
    } u;
    uint64_t host; // private to the tender; a file descriptor under spt
    uint8_t attached;
    uint8_t pad[7];
};

struct manifest {
    uint32_t version;
    uint32_t entries;
    struct manifest_entry entry[];
};

_Static_assert(sizeof(struct manifest_entry) == 104, "the layout is an ABI");

// Number of valid entries: `entries` if the header is sane, else 0.
unsigned manifest_count(const struct manifest *manifest);

// The index ("handle") of the device with that type and name, or -1.
int manifest_find(const struct manifest *manifest, enum manifest_type type, const char *name, size_t length);

#endif // PYMNET_MANIFEST_H
