// test_unikraft.c - port/unikraft on a fake of Unikraft's network devices: frames both ways, what its driver does wrong.

#include <errno.h>
#include <string.h>

#include "check.h"
#include "fake_netdev.h"
#include "unikraft/arguments.h"
#include "unikraft/frame.h"
#include "unikraft/net.h"

static struct {
    struct manifest header;
    struct manifest_entry entries[2];
} manifest = {{MANIFEST_VERSION, 2}, {{.type = MANIFEST_RESERVED}, {.name = "service", .type = MANIFEST_NET}}};

static struct net_info info;
static struct net_rx rx;
static uint8_t frame[2048];
static const struct net_tx plain;

static void read_nothing(void) {
    CHECK(platform_net_read(1, frame, sizeof(frame), &rx) == 0);
}

static uint64_t dropped(void) {
    struct net_counters counters;
    platform_net_counters(1, &counters);
    return counters.rx_dropped;
}

// An IPv4 packet with `length` bytes of UDP, the checksum's field as a sender leaves it to its device.
static uint16_t make_udp(uint8_t *bytes, uint16_t length) {
    memset(bytes, 0, 34);
    random_fill(bytes + 34, length);
    bytes[12] = 8;
    bytes[16] = (uint8_t)((20 + length) >> 8);
    bytes[17] = (uint8_t)(20 + length);
    return (uint16_t)(34 + length);
}

static uint16_t sum(const uint8_t *bytes, size_t length) {
    uint32_t total = 0;
    for (size_t i = 0; i < length; i++) {
        total += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    }
    total = (total & 0xffff) + (total >> 16);
    return (uint16_t)((total & 0xffff) + (total >> 16));
}

static void test_start(void) {
    fake_netdev.cidr = "10.0.0.2/24";
    fake_netdev.gateway = "10.0.0.1";
    fake_netdev.mtu = 0x5452; // as the driver reads it where host_mtu is given
    struct arguments_address address = nets_init(&manifest.header);
    CHECK(strcmp(address.cidr, "10.0.0.2/24") == 0 && strcmp(address.gateway, "10.0.0.1") == 0);
    CHECK(fake_netdev.nb_desc == 0 && fake_netdev.ring_count == FAKE_RING);
    CHECK(platform_net_open(0, &info) == -ENODEV && platform_net_open(MANIFEST_ENTRIES_MAX, &info) == -ENODEV);
    CHECK(platform_net_open(1, &info) == 0 && info.mtu == 1500 && info.mac[5] == 9);
    CHECK(platform_net_open(1, &info) == -EBUSY && platform_net_link(1) == 1);
}

static void test_receive_and_wrap(void) {
    uint8_t sent[2048];
    for (unsigned i = 0; i < 3 * FAKE_RING; i++) {
        uint16_t length = make_udp(sent, (uint16_t)(8 + random_below(1400)));
        fake_netdev.first = fake_netdev.last = 0;
        fake_netdev.excess = i % 2 ? 10 : 0;
        fake_netdev_deliver(sent, length, i % 3 ? 0 : UK_NETBUF_F_DATA_VALID);
        CHECK(platform_net_read(1, frame, sizeof(frame), &rx) == length && memcmp(frame, sent, length) == 0);
        CHECK(rx.csum == (i % 3 ? NET_CSUM_UNKNOWN : NET_CSUM_GOOD) && rx.gso_size == 0);
        CHECK(fake_netdev.ring_count == FAKE_RING); // it was freed at once
    }
    fake_netdev.excess = 0;
    read_nothing();
    uint64_t before = dropped();
    fake_netdev_deliver(sent, make_udp(sent, 1000), 0);
    CHECK(platform_net_read(1, frame, 500, &rx) == 0 && dropped() == before + 1);
}

static void test_partial_checksum(void) {
    uint8_t sent[2048];
    for (uint16_t size = 8; size < 1000; size = (uint16_t)(size + 37)) {
        uint16_t length = make_udp(sent, size);
        fake_netdev.first = fake_netdev.last = 0;
        fake_netdev.queued[0].csum_start = 34;
        fake_netdev.queued[0].csum_offset = 6;
        uint16_t pseudo = (uint16_t)(sent[40] << 8 | sent[41]);
        fake_netdev.excess = 10; // which must not be summed
        fake_netdev_deliver(sent, length, UK_NETBUF_F_PARTIAL_CSUM);
        CHECK(platform_net_read(1, frame, sizeof(frame), &rx) == length && rx.csum == NET_CSUM_GOOD);
        uint32_t whole = (uint32_t)sum(frame + 34, size) + pseudo; // as the other end adds it up
        CHECK((uint16_t)((whole & 0xffff) + (whole >> 16)) == 0xffff);
    }
    fake_netdev.excess = 0;
    fake_netdev.queued[fake_netdev.last].csum_start = 1400;
    fake_netdev_deliver(sent, make_udp(sent, 100), UK_NETBUF_F_PARTIAL_CSUM);
    read_nothing();
}

static void test_errors_are_looked_past(void) {
    uint8_t sent[2048];
    uint16_t length = make_udp(sent, 64);
    uint64_t before = dropped();
    fake_netdev.first = fake_netdev.last = 0;
    for (unsigned i = 0; i < 100; i++) {
        fake_netdev_deliver(sent, 100, FAKE_BAD);
    }
    fake_netdev_deliver(sent, length, 0);
    CHECK(platform_net_read(1, frame, sizeof(frame), &rx) == length && dropped() == before + 100);
    CHECK(fake_netdev.ring_count == FAKE_RING);
    // More: the pool is dry, since the driver lost what it was given. Nothing breaks.
    fake_netdev.first = fake_netdev.last = 0;
    for (unsigned i = 0; i < 300; i++) {
        fake_netdev_deliver(sent, 100, FAKE_BAD);
    }
    read_nothing();
    read_nothing();
}

static void test_transmit(void) {
    uint8_t sent[2048];
    random_fill(sent, sizeof(sent));
    struct net_tx offload = {.csum_start = 34};
    CHECK(platform_net_write(1, sent, 0, &plain) == -EINVAL);
    CHECK(platform_net_write(1, sent, 1519, &plain) == -EINVAL);
    CHECK(platform_net_write(1, sent, 100, &offload) == -EINVAL);
    for (unsigned i = 0; i < 2000; i++) {
        size_t length = 14 + random_below(1500);
        fake_netdev.sent_done = fake_netdev.sent_count;
        CHECK(platform_net_write(1, sent + i % 16, length, &plain) == 1);
        struct uk_netbuf *last = fake_netdev.sent[fake_netdev.sent_count - 1];
        CHECK(last->len == length && last->flags == 0 && memcmp(last->data, sent + i % 16, length) == 0);
    }
    fake_netdev.sent_done = fake_netdev.sent_count;
    for (unsigned i = 0; i < FAKE_RING; i++) {
        CHECK(platform_net_write(1, sent, 60, &plain) == 1);
    }
    CHECK(!nets_refused() && platform_net_write(1, sent, 60, &plain) == 0 && nets_refused() && !nets_refused());
    fake_netdev.sent_done = 1;
    CHECK(platform_net_write(1, sent, 60, &plain) == 1);
    fake_netdev.send_error = -EIO;
    for (unsigned i = 0; i < 1000; i++) {
        CHECK(platform_net_write(1, sent, 60, &plain) == 1); // lost, and no netbuf with it
    }
}

static void test_waiting(void) {
    fake_netdev.first = fake_netdev.last = 0;
    CHECK(nets_listen() && fake_netdev.interrupt_on);
    read_nothing(); // turns it off first: the fake sees to that
    CHECK(!fake_netdev.interrupt_on);
    fake_netdev_deliver(frame, 60, 0);
    CHECK(!nets_listen());
    nets_ignore();
    CHECK(!fake_netdev.interrupt_on);
}

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
    struct arguments_address address = {cidr, cidr == NULL ? NULL : "10.0.0.1"};
    CHECK(arguments_join(text, sizeof(text), count, words, &address));
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

int main(void) {
    fake_netdev_begin();
    test_start();
    test_receive_and_wrap();
    test_partial_checksum();
    test_transmit();
    test_waiting();
    test_errors_are_looked_past();
    test_trim_hostile();
    test_arguments();
    return 0;
}
