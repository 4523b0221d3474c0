// test_start.c - what an image reads before there is an interpreter: PVH start information, the command line's first
// options, the device manifest. All of it comes from outside.

#include <string.h>

#include "check.h"
#include "cmdline.h"
#include "manifest.h"
#include "platform/qemu/pvh.h"

static uint8_t low[PVH_REACH]; // memory from address 0 on

// The PVH start information (Xen, start_info.h) -----------------------------------------------------------------------

struct info {
    uint32_t magic, version, flags, modules;
    uint64_t module_list, command_line, rsdp, memory_map;
    uint32_t memory_regions, reserved;
};

struct region {
    uint64_t start, size;
    uint32_t type, reserved;
};

enum { INFO = 0x1000, LINE = 0x2000, MAP = 0x3000 };

static const struct info good = {
    .magic = 0x336ec578, .version = 1, .command_line = LINE, .memory_map = MAP, .memory_regions = 3};
static const struct region map[3] = {{0, 0xa0000, 1, 0}, {0xf0000, 0x10000, 2, 0}, {0x100000, 0x3f00000, 1, 0}};

static void place(struct info info, const char *line) {
    memset(low, 0xff, sizeof(low));
    memcpy(low + INFO, &info, sizeof(info));
    memcpy(low + LINE, line, strlen(line) + 1);
    memcpy(low + MAP, map, sizeof(map));
}

static void test_arguments(void) {
    char *buffer = malloc(16);
    place(good, "--ipv4=10.0.0.2");
    CHECK(pvh_arguments(low, INFO, buffer, 16) && strcmp(buffer, "--ipv4=10.0.0.2") == 0);
    place(good, "--ipv4=10.0.0.25");
    CHECK(!pvh_arguments(low, INFO, buffer, 16) && buffer[0] == '\0');
    place(good, "");
    CHECK(pvh_arguments(low, INFO, buffer, 16) && buffer[0] == '\0');
    struct info info = good;
    info.command_line = 0;
    place(info, "");
    CHECK(pvh_arguments(low, INFO, buffer, 16) && buffer[0] == '\0');
    static const uint64_t lines[] = {PVH_REACH - 3, PVH_REACH, UINT64_C(1) << 32, UINT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        info.command_line = lines[i];
        place(info, "");
        CHECK(!pvh_arguments(low, INFO, buffer, 16));
    }
    info = good;
    info.magic++;
    place(info, "x");
    CHECK(!pvh_arguments(low, INFO, buffer, 16));
    CHECK(!pvh_arguments(low, 0, buffer, 16) && !pvh_arguments(low, UINTPTR_MAX - 8, buffer, 16));
    CHECK(!pvh_arguments(low, PVH_REACH - sizeof(info) + 1, buffer, 16));
    free(buffer);
}

static void test_memory(void) {
    place(good, "");
    CHECK(pvh_memory_end(low, INFO, 0x200000) == 0x4000000);
    CHECK(pvh_memory_end(low, INFO, 0x1000) == 0xa0000);
    CHECK(pvh_memory_end(low, INFO, 0xf8000) == 0); // no RAM
    CHECK(pvh_memory_end(low, INFO, 0x4000000) == 0);
    struct info info = good;
    info.version = 0; // had no memory map
    place(info, "");
    CHECK(pvh_memory_end(low, INFO, 0x200000) == 0);
    info = good;
    info.memory_regions = UINT32_MAX;
    place(info, "");
    CHECK(pvh_memory_end(low, INFO, 0x200000) == 0);
    info = good;
    info.memory_map = PVH_REACH - 24;
    place(info, "");
    CHECK(pvh_memory_end(low, INFO, 0x200000) == 0);
}

// A region that claims to go on beyond the last address ends at the last address, not before its start.
static void test_a_region_without_an_end(void) {
    static const struct region endless = {0x100000, UINT64_MAX, 1, 0};
    place(good, "");
    memcpy(low + MAP, &endless, sizeof(endless));
    CHECK(pvh_memory_end(low, INFO, 0x200000) > 0x200000);
}

static void test_arbitrary_start_information(void) {
    char buffer[64];
    for (unsigned turn = 0; turn < 20000; turn++) {
        struct info info = good;
        uint8_t *bytes = (uint8_t *)&info;
        for (unsigned i = random_below(6); i > 0; i--) {
            bytes[4 + random_below(sizeof(info) - 4)] = (uint8_t)random_next();
        }
        memcpy(low + INFO, &info, sizeof(info));
        random_fill(low + MAP, sizeof(map));
        uint64_t end = pvh_memory_end(low, INFO, 0x200000);
        CHECK(end == 0 || end > 0x200000);
        if (!pvh_arguments(low, INFO, buffer, sizeof(buffer))) {
            CHECK(buffer[0] == '\0');
        }
    }
}

// Options (cmdline.h) ---------------------------------------------------------------------------------------------------

static size_t found_at(const char *arguments) {
    char *exact = strdup(arguments);
    const char *found = cmdline_find(exact, "--insecure-entropy");
    size_t at = found != NULL ? (size_t)(found - exact) : SIZE_MAX;
    free(exact);
    return at;
}

static void test_options(void) {
    CHECK(found_at("--insecure-entropy") == 0);
    CHECK(found_at("server  --insecure-entropy -v") == 8);
    CHECK(found_at(" --insecure-entropy") == 1);
    CHECK(found_at("") == SIZE_MAX && found_at("   ") == SIZE_MAX);
    CHECK(found_at("--insecure-entropy2") == SIZE_MAX);
    CHECK(found_at("--insecure-entrop") == SIZE_MAX);
    CHECK(found_at("x--insecure-entropy") == SIZE_MAX);
    CHECK(found_at("-- --insecure-entropy") == SIZE_MAX); // the application's own
    CHECK(found_at("--- --insecure-entropy") == 4);
}

// The manifest ------------------------------------------------------------------------------------------------------------

static void test_manifest(void) {
    struct manifest *manifest = calloc(1, sizeof(*manifest) + 3 * sizeof(manifest->entry[0]));
    manifest->version = MANIFEST_VERSION;
    manifest->entries = 3;
    manifest->entry[0].type = MANIFEST_RESERVED;
    manifest->entry[1].type = MANIFEST_NET;
    memset(manifest->entry[1].name, 'n', MANIFEST_NAME_SIZE); // no NUL at its end
    manifest->entry[2].type = MANIFEST_NET;
    strcpy(manifest->entry[2].name, "service");
    char longest[MANIFEST_NAME_SIZE + 1];
    memset(longest, 'n', sizeof(longest));
    CHECK(manifest_find(manifest, MANIFEST_NET, "service", 7) == 2);
    CHECK(manifest_find(manifest, MANIFEST_NET, "servic", 6) == -1);
    CHECK(manifest_find(manifest, MANIFEST_BLOCK, "service", 7) == -1);
    CHECK(manifest_find(manifest, MANIFEST_NET, "", 0) == -1);
    for (size_t length = MANIFEST_NAME_SIZE - 1; length <= sizeof(longest); length++) {
        CHECK(manifest_find(manifest, MANIFEST_NET, longest, length) == -1);
    }
    manifest->entries = MANIFEST_ENTRIES_MAX + 1;
    CHECK(manifest_count(manifest) == 0);
    manifest->entries = 3;
    manifest->version = 2;
    CHECK(manifest_count(manifest) == 0 && manifest_count(NULL) == 0);
    free(manifest);
}

int main(void) {
    test_arguments();
    test_memory();
    test_a_region_without_an_end();
    test_arbitrary_start_information();
    test_options();
    test_manifest();
    return 0;
}
