// test_net.c - port/virtio/net.c and net_transmit.c: frames through a device that keeps the rules, and hostile ones.

#include <string.h>

#include "check.h"
#include "fake_device.h"
#include "py/mperrno.h"
#include "virtio/net_private.h"

#define RECEIVE 0
#define TRANSMIT 1

#define F_CSUM (UINT64_C(1) << 0)
#define F_GUEST_CSUM (UINT64_C(1) << 1)
#define F_MTU (UINT64_C(1) << 3)
#define F_MAC (UINT64_C(1) << 5)
#define F_GUEST_TSO4 (UINT64_C(1) << 7)
#define F_GUEST_TSO6 (UINT64_C(1) << 8)
#define F_HOST_TSO4 (UINT64_C(1) << 11)
#define F_HOST_TSO6 (UINT64_C(1) << 12)
#define F_MRG_RXBUF (UINT64_C(1) << 15)
#define F_STATUS (UINT64_C(1) << 16)
#define F_ALL                                                                                                          \
    (F_CSUM | F_GUEST_CSUM | F_MAC | F_GUEST_TSO4 | F_GUEST_TSO6 | F_HOST_TSO4 | F_HOST_TSO6 | F_MRG_RXBUF | F_STATUS  \
        | VIRTIO_F_EVENT_IDX)

static struct virtio_net *net;
static struct net_info info;
static struct net_rx rx;
static uint8_t *frame; // of NET_FRAME_MAX bytes, no more

static struct virtio_net *begin(uint64_t offers, bool frugal) {
    static const uint8_t mac[6] = {2, 0, 0, 0, 0, 7};
    static void *memory;
    free(memory);
    memory = aligned_alloc(4096, virtio_net_memory(frugal));
    memset(memory, 0xaa, virtio_net_memory(frugal));
    fake_begin(offers);
    memcpy(fake.config, mac, sizeof(mac));
    fake.config[6] = 1;     // the link is up
    fake.config[10] = 0x28; // MTU 9000
    fake.config[11] = 0x23;
    net = virtio_net_init(&fake_transport, memory, frugal, &info);
    return net;
}

static size_t read_frame(size_t size) {
    return virtio_net_read(net, frame, size, &rx);
}

// A frame in buffers of the driver's, as 5.1.6.4 has the device lay it out.
static void deliver(const uint8_t *bytes, size_t length, struct net_header header) {
    uint8_t buffer[RECEIVE_BUFFER_SIZE];
    header.num_buffers = (uint16_t)((length + sizeof(header) + RECEIVE_BUFFER_SIZE - 1) / RECEIVE_BUFFER_SIZE);
    memcpy(buffer, &header, sizeof(header));
    size_t at = sizeof(header), done = 0;
    do {
        size_t part = length - done < sizeof(buffer) - at ? length - done : sizeof(buffer) - at;
        memcpy(buffer + at, bytes + done, part);
        CHECK(fake_deliver(RECEIVE, buffer, at + part));
        done += part;
        at = 0;
    } while (done < length);
}

static void test_features(void) {
    CHECK(begin(F_ALL, false) != NULL);
    CHECK(info.features == (NET_TX_CSUM | NET_RX_CSUM | NET_TSO4 | NET_TSO6 | NET_LRO));
    CHECK(info.mtu == 1500 && info.mac[5] == 7 && net->device.features & VIRTIO_F_EVENT_IDX);
    CHECK(begin(F_MAC, false) != NULL && info.features == 0);
    CHECK(begin(F_MAC | F_HOST_TSO4, false) != NULL && info.features == 0);           // needs CSUM, 5.1.3.1
    CHECK(begin(F_ALL & ~F_GUEST_CSUM, false) != NULL && !(info.features & NET_LRO)); // needs GUEST_CSUM
    CHECK(begin(F_ALL & ~F_MRG_RXBUF, false) != NULL && !(info.features & NET_LRO));  // needs room
    CHECK(begin(F_ALL & ~F_MAC, false) == NULL);
    CHECK(begin(F_ALL | F_MTU, false) != NULL && info.mtu == 9000);
    fake_begin(F_ALL);
}

// Without merging, a frame has one buffer: an MTU that needs more is not what this driver can receive.
static void test_an_mtu_beyond_the_buffers(void) {
    CHECK(begin((F_ALL | F_MTU) & ~F_MRG_RXBUF, false) != NULL);
    CHECK(info.mtu + 14 + sizeof(struct net_header) <= RECEIVE_BUFFER_SIZE);
}

static void test_frames_of_every_length_arrive(void) {
    begin(F_ALL, false);
    uint8_t *sent = malloc(NET_FRAME_MAX);
    random_fill(sent, NET_FRAME_MAX);
    CHECK(read_frame(NET_FRAME_MAX) == 0 && !virtio_net_has_work(net));
    for (size_t length = 1; length <= NET_FRAME_MAX; length += length < 5000 ? 1 : 1 + random_below(997)) {
        deliver(sent, length, (struct net_header) {.flags = HEADER_DATA_VALID});
        CHECK(virtio_net_has_work(net));
        CHECK(read_frame(NET_FRAME_MAX) == length && memcmp(frame, sent, length) == 0);
        CHECK(rx.csum == NET_CSUM_GOOD && rx.gso_size == 0);
    }
    CHECK(net->rx_dropped == 0 && !virtio_net_broken(net));
    free(sent);
}

static void test_what_the_header_says(void) {
    begin(F_ALL, false);
    deliver(frame, 60, (struct net_header) {.flags = 0});
    CHECK(read_frame(60) == 60 && rx.csum == NET_CSUM_UNKNOWN);
    deliver(frame, 60, (struct net_header) {.flags = HEADER_NEEDS_CSUM, .csum_start = 65535, .csum_offset = 65535});
    CHECK(read_frame(60) == 60 && rx.csum == NET_CSUM_PARTIAL);
    deliver(frame, 9000, (struct net_header) {.gso_type = HEADER_GSO_TCP4 | HEADER_GSO_ECN, .gso_size = 1448});
    CHECK(read_frame(9000) == 9000 && rx.gso_size == 1448);
    deliver(frame, 60, (struct net_header) {.gso_size = 1448});
    CHECK(read_frame(60) == 60 && rx.gso_size == 0);
}

// One that does not fit is dropped and counted, whole: the next one is read as it is.
static void test_a_frame_too_long_for_the_caller(void) {
    begin(F_ALL, false);
    uint8_t *sent = malloc(9000);
    random_fill(sent, 9000);
    uint8_t *small = malloc(100);
    deliver(sent, 9000, (struct net_header) {.flags = 0});
    deliver(sent, 101, (struct net_header) {.flags = 0});
    deliver(sent, 100, (struct net_header) {.flags = 0});
    CHECK(virtio_net_read(net, small, 100, &rx) == 100 && memcmp(small, sent, 100) == 0);
    CHECK(net->rx_dropped == 2 && !virtio_net_broken(net));
    free(small);
    free(sent);
}

static void check_deaf(void) {
    CHECK(read_frame(NET_FRAME_MAX) == 0 && virtio_net_broken(net));
    CHECK(read_frame(NET_FRAME_MAX) == 0 && !virtio_net_has_work(net));
    virtio_net_arm(net);
}

static void test_a_device_that_breaks_the_rules_of_receiving(void) {
    uint8_t buffer[RECEIVE_BUFFER_SIZE] = {0};
    struct net_header header = {.num_buffers = 1};

    begin(F_ALL, false); // no room for the header
    fake_deliver(RECEIVE, buffer, sizeof(header) - 1);
    check_deaf();

    static const uint16_t counts[] = {0, 2, 256, 65535}; // buffers that are not there
    for (unsigned i = 0; i < 4; i++) {
        begin(F_ALL, i % 2);
        header.num_buffers = counts[i];
        memcpy(buffer, &header, sizeof(header));
        fake_deliver(RECEIVE, buffer, 100);
        check_deaf();
    }

    begin(F_ALL, false);
    fake_push(RECEIVE, 0, RECEIVE_BUFFER_SIZE + 1);
    check_deaf();
    begin(F_ALL, false);
    fake_push(RECEIVE, 256, 100);
    check_deaf();
    begin(F_ALL, false);
    fake_skip(RECEIVE, 300);
    check_deaf();
}

static void test_arbitrary_receive_buffers(void) {
    for (unsigned turn = 0; turn < 3000; turn++) {
        begin(F_ALL, true);
        for (unsigned i = random_below(60); i > 0; i--) {
            uint8_t buffer[RECEIVE_BUFFER_SIZE];
            random_fill(buffer, 64);
            buffer[10] = (uint8_t)random_below(4);
            buffer[11] = random_below(20) == 0;
            fake_deliver(RECEIVE, buffer, random_below(3) ? random_below(sizeof(buffer)) : sizeof(buffer));
        }
        while (read_frame(1 + random_below(NET_FRAME_MAX)) > 0) {
        }
    }
}

// Sending ---------------------------------------------------------------------------------------------------------

static const struct net_tx plain = {0};

static int write_frame(size_t length, struct net_tx tx) {
    uint8_t *exact = malloc(length);
    memcpy(exact, frame, length);
    int taken = virtio_net_write(net, exact, length, &tx);
    free(exact);
    return taken;
}

// Bytes go out as they came, whatever the order in which the device finishes them, until the ring has wrapped often.
static void test_frames_leave_whole(bool frugal) {
    enum { OUT_MAX = 256 };
    begin(F_ALL, frugal);
    struct {
        uint16_t id;
        struct virtq_desc desc;
        uint8_t seed;
    } out[OUT_MAX];
    size_t count = 0, sent = 0, refused = 0;
    uint8_t seed = 0;
    for (unsigned turn = 0; turn < 30000; turn++) {
        bool merged = random_below(8) == 0;
        size_t length = merged ? 1514 + random_below(NET_FRAME_MAX - 1514) : 14 + random_below(1501);
        memset(frame, ++seed, length);
        frame[12] = 0x08;
        frame[13] = 0x00;
        frame[34 + 12] = 0x50;
        struct net_tx tx = {.csum_start = 34, .csum_offset = 16, .gso_size = 1448};
        int taken = write_frame(length, merged ? tx : plain);
        CHECK(taken == 1 || (taken == 0 && count > 0));
        refused += taken == 0;
        if (taken == 1) {
            CHECK(fake_pop(TRANSMIT, &out[count].id, &out[count].desc));
            CHECK(out[count].desc.length == sizeof(struct net_header) + length);
            out[count++].seed = seed;
            sent++;
        } else {
            seed--;
        }
        for (size_t give = taken == 0 ? 1 + random_below(count) : random_below(8) == 0; give > 0 && count > 0; give--) {
            size_t which = random_below(count);
            const uint8_t *bytes = (const uint8_t *)(uintptr_t)out[which].desc.address;
            size_t last = out[which].desc.length - 1;
            CHECK(bytes[sizeof(struct net_header)] == out[which].seed && (last < 60 || bytes[last] == out[which].seed));
            fake_push(TRANSMIT, out[which].id, 0);
            out[which] = out[--count];
        }
    }
    CHECK(sent > 10000 && refused > 100 && !virtio_net_broken(net));
    while (count > 0) {
        fake_push(TRANSMIT, out[--count].id, 0);
    }
    CHECK(virtio_net_drained(net));
}

static void test_room(void) {
    begin(F_ALL, true);
    size_t room = virtio_net_room(net), taken = 0;
    CHECK(room > 10);
    while (write_frame(1514, plain) == 1) {
        taken++;
    }
    CHECK(taken == room && virtio_net_room(net) == 0 && !virtio_net_has_work(net));
    uint16_t id;
    struct virtq_desc desc;
    CHECK(fake_pop(TRANSMIT, &id, &desc));
    fake_push(TRANSMIT, id, 0);
    CHECK(virtio_net_has_work(net) && !virtio_net_has_work(net)); // said once
    CHECK(virtio_net_room(net) == 1 && write_frame(1514, plain) == 1);
}

static void test_what_cannot_be_sent(void) {
    begin(F_ALL, false);
    memset(frame, 0, NET_FRAME_MAX);
    frame[12] = 0x08;
    frame[46] = 0x50;
    CHECK(write_frame(13, plain) == -MP_EINVAL);
    CHECK(write_frame(1515, plain) == -MP_EINVAL);
    CHECK(write_frame(60, (struct net_tx) {.csum_start = 34, .csum_offset = 25}) == -MP_EINVAL);
    CHECK(write_frame(60, (struct net_tx) {.csum_start = 65535, .csum_offset = 65535}) == -MP_EINVAL);
    CHECK(write_frame(3000, (struct net_tx) {.gso_size = 1448}) == -MP_EINVAL);
    CHECK(write_frame(50, (struct net_tx) {.csum_start = 34, .csum_offset = 14, .gso_size = 1448}) == -MP_EINVAL);
    CHECK(write_frame(3000, (struct net_tx) {.csum_start = 34, .csum_offset = 16, .gso_size = 1448}) == 1);
    frame[46] = 0x40; // a TCP header of 16 bytes
    CHECK(write_frame(3000, (struct net_tx) {.csum_start = 34, .csum_offset = 16, .gso_size = 1448}) == -MP_EINVAL);
    frame[46] = 0xf0; // one longer than the frame
    CHECK(write_frame(60, (struct net_tx) {.csum_start = 34, .csum_offset = 16, .gso_size = 1448}) == -MP_EINVAL);
    frame[12] = 0x86; // neither IPv4 nor IPv6
    CHECK(write_frame(3000, (struct net_tx) {.csum_start = 34, .csum_offset = 16, .gso_size = 1448}) == -MP_EINVAL);
    begin(F_MAC, false);
    CHECK(write_frame(60, (struct net_tx) {.csum_start = 34, .csum_offset = 16}) == -MP_EINVAL);
    CHECK(!virtio_net_broken(net));
}

// The link ---------------------------------------------------------------------------------------------------------

static void set_link(bool up) {
    fake.config[6] = up;
    fake.generation++;
}

static void test_the_link(void) {
    begin(F_ALL, false);
    CHECK(virtio_net_link(net) == 1 && !virtio_net_look(net));
    set_link(false);
    CHECK(virtio_net_link(net) == 1); // until the driver checks
    CHECK(virtio_net_look(net) && virtio_net_link(net) == 2 && !virtio_net_look(net));
    set_link(true);
    CHECK(virtio_net_look(net) && virtio_net_link(net) == 3);
    set_link(false);
    set_link(true); // between two looks: the generation tells
    CHECK(virtio_net_look(net) && virtio_net_link(net) == 5 && !virtio_net_look(net));
    set_link(false);
    CHECK(virtio_net_look(net) && virtio_net_link(net) == 6);
    set_link(true);
    set_link(false);
    CHECK(!virtio_net_look(net) && virtio_net_link(net) == 6);
    fake.config[7] = 0xff; // other bits of the status
    set_link(false);
    CHECK(!virtio_net_look(net) && virtio_net_link(net) == 6);
}

static void test_a_device_that_cannot_say(void) {
    begin(F_ALL & ~F_STATUS, false);
    set_link(false);
    CHECK(!virtio_net_look(net) && virtio_net_link(net) == 1);
}

// What is sent meanwhile is lost, and counted; it is not what the device finds when the link is back.
static void test_frames_while_the_link_is_down(void) {
    struct net_counters counters;
    uint16_t id;
    struct virtq_desc desc;
    begin(F_ALL, false);
    set_link(false);
    CHECK(virtio_net_look(net) && write_frame(60, plain) == 1 && write_frame(13, plain) == -MP_EINVAL);
    virtio_net_counters(net, &counters);
    CHECK(counters.tx_dropped == 1 && virtio_net_drained(net) && !fake_pop(TRANSMIT, &id, &desc));
    set_link(true);
    CHECK(virtio_net_look(net) && write_frame(60, plain) == 1 && fake_pop(TRANSMIT, &id, &desc));
    fake_push(TRANSMIT, id, 0);
    CHECK(virtio_net_drained(net));
}

static void test_a_device_that_breaks_the_rules_of_sending(void) {
    begin(F_ALL, false);
    CHECK(write_frame(60, plain) == 1);
    fake_push(TRANSMIT, 77, 0);
    CHECK(virtio_net_room(net) == 0 && virtio_net_broken(net));
    CHECK(write_frame(60, plain) == 0 && virtio_net_drained(net));
    virtio_net_flush(net);
}

int main(void) {
    frame = calloc(1, NET_FRAME_MAX);
    test_features();
    test_an_mtu_beyond_the_buffers();
    test_frames_of_every_length_arrive();
    test_what_the_header_says();
    test_a_frame_too_long_for_the_caller();
    test_a_device_that_breaks_the_rules_of_receiving();
    test_arbitrary_receive_buffers();
    test_frames_leave_whole(false);
    test_frames_leave_whole(true);
    test_room();
    test_what_cannot_be_sent();
    test_the_link();
    test_a_device_that_cannot_say();
    test_frames_while_the_link_is_down();
    test_a_device_that_breaks_the_rules_of_sending();
    begin(F_MAC, false);
    free(frame);
    return 0;
}
