// test_random.c - ChaCha20 against RFC 8439, and the generator over it (port/crypto/random.c).

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "crypto/chacha20.h"
#include "crypto/random.h"
#include "platform.h"

static uint64_t now;
static size_t source_size; // what the machine's source has left
static unsigned asked;

uint64_t platform_clock_monotonic(void) {
    return now;
}

static uint64_t paused; // the wall clock's alone

uint64_t platform_clock_wall(void) {
    return UINT64_C(1790000000000000000) + now + paused;
}

static bool has_processor; // with a generator
static uint8_t machine_id; // what its sources give is its own

size_t platform_entropy_now(void *buffer, size_t size) {
    size = has_processor ? size : 0;
    memset(buffer, 0xa0 + machine_id, size);
    return size;
}

// A poor source: a few bytes at a time, always the same.
size_t platform_entropy(void *buffer, size_t size) {
    asked++;
    size = size < 5 ? size : 5;
    size = size < source_size ? size : source_size;
    memset(buffer, 0x5a + machine_id, size);
    source_size -= size;
    return size;
}

static void from_hex(const char *hex, uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned value;
        CHECK(sscanf(hex + 2 * i, "%2x", &value) == 1);
        bytes[i] = (uint8_t)value;
    }
}

// RFC 8439, section 2.3.2 and appendix A.1: key, counter, nonce, key stream.
static const struct {
    const char *key;
    uint32_t counter;
    const char *nonce, *block;
} vectors[] = {
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 1, "000000090000004a00000000",
        "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"},
    {"0000000000000000000000000000000000000000000000000000000000000000", 0, "000000000000000000000000",
        "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"},
    {"0000000000000000000000000000000000000000000000000000000000000000", 1, "000000000000000000000000",
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
        "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"},
    {"0000000000000000000000000000000000000000000000000000000000000001", 1, "000000000000000000000000",
        "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
        "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0"},
    {"00ff000000000000000000000000000000000000000000000000000000000000", 2, "000000000000000000000000",
        "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"
        "13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096"},
    {"0000000000000000000000000000000000000000000000000000000000000000", 0, "000000000000000000000002",
        "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7"
        "8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d"},
};

static void test_vectors(void) {
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t key[CHACHA20_KEY_SIZE], nonce[CHACHA20_NONCE_SIZE];
        uint8_t expected[CHACHA20_BLOCK_SIZE], block[CHACHA20_BLOCK_SIZE];
        from_hex(vectors[i].key, key, sizeof(key));
        from_hex(vectors[i].nonce, nonce, sizeof(nonce));
        from_hex(vectors[i].block, expected, sizeof(expected));
        chacha20_block(key, vectors[i].counter, nonce, block);
        CHECK(memcmp(block, expected, sizeof(block)) == 0);
    }
}

static void test_less_than_a_key_is_refused(void) {
    source_size = 0;
    CHECK(!random_init());
    source_size = 31;
    CHECK(!random_init());
    source_size = 32;
    CHECK(random_init() && source_size == 0);
}

// No two outputs are alike, of any lengths; and the bytes fill exactly the buffer.
static void test_nothing_repeats(void) {
    source_size = 32;
    CHECK(random_init());
    uint8_t last[16] = {0}, next[16];
    for (unsigned i = 0; i < 1000; i++) {
        random_bytes(next, sizeof(next));
        CHECK(memcmp(last, next, sizeof(next)) != 0);
        memcpy(last, next, sizeof(next));
    }
    for (size_t size = 0; size < 300; size++) {
        uint8_t *exact = calloc(1, size), *again = calloc(1, size);
        random_bytes(exact, size);
        random_bytes(again, size);
        CHECK(size < 8 || memcmp(exact, again, size) != 0);
        free(exact);
        free(again);
    }
}

static void test_about_half_of_the_bits_are_set(void) {
    enum { SIZE = 1 << 16 };
    static uint8_t bytes[SIZE];
    random_bytes(bytes, SIZE);
    long set = 0;
    for (size_t i = 0; i < SIZE; i++) {
        set += __builtin_popcount(bytes[i]);
    }
    CHECK(labs(set - SIZE * 4) < 2000); // 362 is the standard deviation
}

static void test_fresh_entropy_comes_in(void) {
    uint8_t byte;
    source_size = 32;
    CHECK(random_init());
    unsigned before = asked;
    random_bytes(&byte, 1);
    CHECK(asked == before);
    now += UINT64_C(61000000000);
    random_bytes(&byte, 1);
    CHECK(asked > before); // a minute has passed
    before = asked;
    static uint8_t much[1 << 20];
    random_bytes(much, sizeof(much));
    CHECK(asked == before);
    random_bytes(&byte, 1);
    CHECK(asked > before); // a mebibyte was given out; the source is empty, the old key goes on
}

// Returns the next numbers of one copy of this machine, when it continues as the machine with that number.
static void numbers_of_copy(uint8_t id, uint8_t *numbers, size_t size) {
    int pipe_ends[2];
    CHECK(pipe(pipe_ends) == 0);
    pid_t copy = fork();
    CHECK(copy >= 0);
    if (copy == 0) {
        machine_id = id;
        random_bytes(numbers, size);
        _exit(write(pipe_ends[1], numbers, size) != (ssize_t)size);
    }
    int status;
    CHECK(read(pipe_ends[0], numbers, size) == (ssize_t)size);
    CHECK(waitpid(copy, &status, 0) == copy && status == 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static bool copies_are_twins(void) {
    uint8_t first[16], second[16];
    numbers_of_copy(1, first, sizeof(first));
    numbers_of_copy(2, second, sizeof(second));
    return memcmp(first, second, sizeof(first)) == 0;
}

static void test_copies_of_a_machine_part(void) {
    source_size = 32;
    CHECK(random_init());
    source_size = 1000;
    CHECK(copies_are_twins()); // no generator in the processor, no pause: nothing tells them apart
    paused += UINT64_C(900000000);
    CHECK(copies_are_twins()); // as a clock that is corrected
    paused += UINT64_C(200000000);
    CHECK(!copies_are_twins()); // resumed later
    CHECK(random_init());
    paused -= UINT64_C(1100000000);
    CHECK(!copies_are_twins());
    CHECK(random_init() && copies_are_twins());
    has_processor = true;
    CHECK(!copies_are_twins());
    has_processor = false;
}

// The same start gives the same numbers, another clock others: they are predictable.
static void test_insecure(void) {
    uint8_t first[16], second[16];
    random_init_insecure();
    random_bytes(first, sizeof(first));
    now += 1;
    random_init_insecure();
    random_bytes(second, sizeof(second));
    CHECK(memcmp(first, second, sizeof(first)) != 0);
}

int main(void) {
    test_vectors();
    test_less_than_a_key_is_refused();
    test_nothing_repeats();
    test_about_half_of_the_bits_are_set();
    test_fresh_entropy_comes_in();
    test_copies_of_a_machine_part();
    test_insecure();
    return 0;
}
