// test_unikraft_words.c - port/platform/unikraft's pure parts: frames of any content, arguments put together again.

#include <string.h>

#include "check.h"
#include "platform/unikraft/arguments.h"
#include "platform/unikraft/frame.h"

static void test_trim_hostile(void) {
    for (unsigned i = 0; i < 100000; i++) {
        size_t length = random_below(80);
        uint8_t *bytes = malloc(length + 1); // of its own, so that the sanitizer sees one byte too far
        random_fill(bytes, length);
        if (length > 13) {
            static const uint16_t types[] = {0x0800, 0x0806, 0x86dd};
            bytes[12] = (uint8_t)(types[i % 3] >> 8);
            bytes[13] = (uint8_t)types[i % 3];
        }
        CHECK(frame_trim(bytes, length) <= length);
        frame_complete_checksum(bytes, length, random_below(100), random_below(100));
        free(bytes);
    }
}

static void check_arguments(const char *wanted, int count, char *words[], const char *cidr) {
    char text[64];
    struct arguments_address given = {cidr, cidr == NULL ? NULL : "10.0.0.1"};
    CHECK(arguments_join(text, sizeof(text), count, words, &given));
    CHECK(strcmp(text, wanted) == 0);
}

static void test_arguments(void) {
    check_arguments("", 0, NULL, NULL);
    check_arguments("server -v", 3, (char *[]) {"k", "server", "-v"}, NULL);
    check_arguments("server", 3, (char *[]) {"k", "--", "server"}, NULL);
    check_arguments("\"a b\" \"it's\" \"say \"'\"x\"' \"\"", 5, (char *[]) {"k", "a b", "it's", "say \"x\"", ""}, NULL);
    check_arguments("--ipv4=10.0.0.2/8 --ipv4-gateway=10.0.0.1 x", 2, (char *[]) {"k", "x"}, "10.0.0.2/8");
    check_arguments("--ipv4=1.2.3.4/8", 2, (char *[]) {"k", "--ipv4=1.2.3.4/8"}, "10.0.0.2/8");
    check_arguments("--ipv4 1.2.3.4/8", 3, (char *[]) {"k", "--ipv4", "1.2.3.4/8"}, "10.0.0.2/8");
    char text[8];
    struct arguments_address none = {NULL, NULL};
    CHECK(arguments_join(text, sizeof(text), 2, (char *[]) {"k", "1234567"}, &none));
    CHECK(!arguments_join(text, sizeof(text), 2, (char *[]) {"k", "12345678"}, &none));
}

// As the runtime splits: blanks separate, quotes of either kind keep together and are left out.
static unsigned split(char *text, char *words[]) {
    unsigned count = 0;
    char *to = text, quote = '\0';
    bool inside = false;
    for (; *text != '\0'; text++) {
        if (quote == '\0' && strchr(" \t\r\n\v", *text) != NULL) {
            *to = '\0';
            to += inside;
            inside = false;
            continue;
        }
        if (!inside) {
            words[count++] = to;
            inside = true;
        }
        if (*text == quote) {
            quote = '\0';
        } else if (quote == '\0' && (*text == '"' || *text == '\'')) {
            quote = *text;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return count;
}

static void test_any_words_come_back(void) {
    static const struct arguments_address none;
    for (unsigned i = 0; i < 20000; i++) {
        char given[8][8] = {""}, text[512];
        char *words[9] = {"kernel"}, *found[64];
        unsigned count = (unsigned)random_below(8);
        for (unsigned word = 0; word < count; word++) {
            for (size_t at = random_below(7); at > 0; at--) {
                given[word][at - 1] = "ab \t'\"=-"[random_below(8)];
            }
            words[word + 1] = given[word];
        }
        bool separated = count > 0 && strcmp(given[0], "--") == 0; // which is Unikraft's, not the image's
        CHECK(arguments_join(text, sizeof(text), (int)count + 1, words, &none));
        CHECK(split(text, found) == count - separated);
        for (unsigned word = separated; word < count; word++) {
            CHECK(strcmp(found[word - separated], given[word]) == 0);
        }
    }
}

int main(void) {
    test_trim_hostile();
    test_arguments();
    test_any_words_come_back();
    return 0;
}
