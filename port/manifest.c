// manifest.c - looks up devices in the manifest. See manifest.h.

#include <string.h>

#include "manifest.h"

unsigned manifest_count(const struct manifest *manifest) {
    if (manifest == NULL || manifest->version != MANIFEST_VERSION || manifest->entries > MANIFEST_ENTRIES_MAX) {
        return 0;
    }
    return manifest->entries;
}

int manifest_find(const struct manifest *manifest, enum manifest_type type, const char *name, size_t length) {
    if (length == 0 || length >= MANIFEST_NAME_SIZE) {
        return -1;
    }
    unsigned count = manifest_count(manifest);
    for (unsigned i = 0; i < count; i++) {
        const struct manifest_entry *entry = &manifest->entry[i];
        if (entry->type == type && memcmp(entry->name, name, length) == 0 && entry->name[length] == '\0') {
            return (int)i;
        }
    }
    return -1;
}
