// test_unikraft_net.c - port/platform/unikraft's network on a fake of Unikraft's devices: frames both ways, what its driver does
// wrong, who has which netbuf.

#include <errno.h>
#include <string.h>

#include "check.h"
#include "fake_netdev.h"
#include "platform/unikraft/net.h"
#include "platform/unikraft/pool.h"

#define HANDLE 1
#define OTHER 3

static struct {
    struct manifest header;
    struct manifest_entry entries[4];
} manifest = {{MANIFEST_VERSION, 4},
    {{.type = MANIFEST_RESERVED}, {.name = "service", .type = MANIFEST_NET}, {.name = "disk", .type = MANIFEST_BLOCK},
        {.name = "control", .type = MANIFEST_NET}}};

static struct fake_netdev *const device = &fake_netdevs[0];
static struct arguments_address address;
static struct net_info info;
static struct net_rx rx;
static uint8_t frame[NET_FRAME_MAX];
static const struct net_tx plain;

// What the devices of most tests are like: both kinds are gone through.
static bool merges;

static bool start(unsigned count) {
    fake_netdev_begin(count);
    device->merges = merges;
    return nets_init(&manifest.header, &address);
}

static void open_first(void) {
    CHECK(platform_net_open(HANDLE, &info) == 0);
}

static size_t read_frame(void) {
    return platform_net_read(HANDLE, frame, sizeof(frame), &rx);
}

static uint64_t dropped(void) {
    struct net_counters counters;
    platform_net_counters(HANDLE, &counters);
    return counters.rx_dropped;
}

static bool ring_is_full(void) {
    return device->ring_count == fake_netdev_ring(device);
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

// Start ---------------------------------------------------------------------------------------------------------------

static void test_devices_in_their_order(void) {
    fake_netdev_begin(2);
    fake_netdevs[0].cidr = "10.0.0.2/24";
    fake_netdevs[0].gateway = "10.0.0.1";
    fake_netdevs[1].cidr = "10.9.9.9/24";
    CHECK(nets_init(&manifest.header, &address));
    CHECK(strcmp(address.cidr, "10.0.0.2/24") == 0 && strcmp(address.gateway, "10.0.0.1") == 0);
    CHECK(platform_net_open(OTHER, &info) == 0 && info.mac[5] == 10);
    CHECK(platform_net_open(HANDLE, &info) == 0 && info.mac[5] == 9);
    CHECK(info.mtu == 1500 && info.features == NET_RX_CSUM);
    CHECK(platform_net_open(HANDLE, &info) == -EBUSY && platform_net_link(HANDLE) == 1);
    CHECK(platform_net_open(0, &info) == -ENODEV && platform_net_open(2, &info) == -ENODEV);
    CHECK(platform_net_open(MANIFEST_ENTRIES_MAX, &info) == -ENODEV);
    // Each has its own buffers, and frames.
    uint8_t sent[100] = {1};
    fake_netdev_deliver(&fake_netdevs[1], sent, sizeof(sent), 0);
    CHECK(read_frame() == 0 && platform_net_read(OTHER, frame, sizeof(frame), &rx) == sizeof(sent));
    CHECK(platform_net_write(OTHER, sent, sizeof(sent), &plain) == 1);
    CHECK(fake_netdevs[0].sent_count == 0 && fake_netdevs[1].sent_count == 1);
}

static void test_fewer_devices_than_the_manifest(void) {
    CHECK(start(1));
    CHECK(address.cidr == NULL && address.gateway == NULL);
    CHECK(platform_net_open(OTHER, &info) == -ENODEV);
    open_first();
}

static void test_no_device(void) {
    CHECK(start(0));
    CHECK(platform_net_open(HANDLE, &info) == -ENODEV);
    CHECK(nets_listen() && !nets_unheard() && !nets_sending());
}

static void test_more_networks_than_buffers(void) {
    manifest.entries[2].type = MANIFEST_NET;
    CHECK(!start(3));
}

static void test_a_damaged_manifest(void) {
    manifest.header.version = 2;
    CHECK(start(1));
    CHECK(platform_net_open(HANDLE, &info) == -ENODEV);
}

static int opened_after(void) {
    CHECK(nets_init(&manifest.header, &address));
    return platform_net_open(HANDLE, &info);
}

static int *failing; // the step that does

static void test_a_step_that_fails(void) {
    fake_netdev_begin(1);
    *failing = -EINVAL;
    CHECK(opened_after() == -EIO);
}

static void test_unikraft_has_no_memory(void) {
    fake_netdev_begin(1);
    device->configure_error = -ENOMEM;
    CHECK(opened_after() == -ENOMEM);
}

static void test_more_to_send_than_buffers(void) {
    fake_netdev_begin(1);
    device->send_descriptors = 1024;
    CHECK(opened_after() == -ENOMEM);
}

static void test_a_header_without_end(void) {
    fake_netdev_begin(1);
    device->headroom = POOL_BUFFER - 1513;
    CHECK(opened_after() == -EIO);
}

static void test_a_header_longer_than_a_buffer(void) {
    fake_netdev_begin(1);
    device->headroom = UINT16_MAX;
    CHECK(opened_after() == -EIO);
}

static void test_an_address_of_many(void) {
    fake_netdev_begin(1);
    device->mac[0] = 3;
    CHECK(opened_after() == -EIO);
}

static void check_mtu(uint16_t said, uint16_t used) {
    fake_netdev_begin(1);
    device->mtu = said;
    device->mac[0] = 0x02;
    device->mac[1] = 0x04;
    CHECK(nets_init(&manifest.header, &address));
    open_first();
    CHECK(info.mtu == used);
}

static void test_mtu_of_1400(void) {
    check_mtu(1400, 1400);
    uint8_t sent[1500] = {0};
    CHECK(platform_net_write(HANDLE, sent, 1414, &plain) == 1);
    CHECK(platform_net_write(HANDLE, sent, 1415, &plain) == -EINVAL);
}

static void test_mtu_of_none(void) {
    check_mtu(0, 1500);
}

static void test_mtu_of_a_jumbo(void) {
    check_mtu(9000, 1500);
}

static void test_mtu_that_is_the_mac(void) {
    check_mtu(0x0402, 1500);
}

// Receiving -----------------------------------------------------------------------------------------------------------

static void test_receive_and_wrap(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[2048];
    for (unsigned i = 0; i < 1000; i++) {
        uint16_t length = make_udp(sent, (uint16_t)(8 + random_below(1472)));
        fake_netdev_forget(device);
        device->excess = i % 2 ? 10 : 0;
        fake_netdev_deliver(device, sent, length, i % 3 ? 0 : UK_NETBUF_F_DATA_VALID);
        CHECK(read_frame() == length && memcmp(frame, sent, length) == 0);
        CHECK(rx.csum == (i % 3 ? NET_CSUM_UNKNOWN : NET_CSUM_GOOD) && rx.gso_size == 0);
        CHECK(ring_is_full()); // it was freed at once
    }
    CHECK(read_frame() == 0 && dropped() == 0);
    device->excess = 0;
    fake_netdev_deliver(device, sent, make_udp(sent, 1000), 0);
    CHECK(platform_net_read(HANDLE, frame, 500, &rx) == 0 && dropped() == 1 && ring_is_full());
    CHECK(device->complaints == 0);
}

static void test_a_ring_that_was_full(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[60] = {0};
    for (unsigned i = 0; i < FAKE_QUEUED; i++) {
        sent[20] = (uint8_t)i;
        fake_netdev_deliver(device, sent, sizeof(sent), 0);
    }
    for (unsigned i = 0; i < FAKE_QUEUED; i++) {
        CHECK(read_frame() == sizeof(sent) && frame[20] == (uint8_t)i);
    }
    CHECK(read_frame() == 0 && ring_is_full());
}

static void test_partial_checksum(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[2048];
    for (uint16_t size = 8; size < 1000; size = (uint16_t)(size + 37)) {
        uint16_t length = make_udp(sent, size);
        fake_netdev_forget(device);
        device->excess = 10; // which must not be summed
        struct fake_frame *queued = fake_netdev_deliver(device, sent, length, UK_NETBUF_F_PARTIAL_CSUM);
        queued->csum_start = 34;
        queued->csum_offset = 6;
        CHECK(read_frame() == length && rx.csum == NET_CSUM_GOOD);
        uint16_t pseudo = (uint16_t)(sent[40] << 8 | sent[41]);
        uint32_t whole = (uint32_t)sum(frame + 34, size) + pseudo; // as the other end adds it up
        CHECK((uint16_t)((whole & 0xffff) + (whole >> 16)) == 0xffff);
    }
}

// Where the field would be outside the frame, or its place is the driver's arithmetic gone wrong.
static void test_partial_checksum_elsewhere(void) {
    CHECK(start(1));
    open_first();
    static const uint16_t places[][2] = {{1400, 6}, {34, 1400}, {34, UINT16_MAX}, {UINT16_MAX, 0}, {0, 0}, {133, 0}};
    uint8_t sent[2048];
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct fake_frame *queued = fake_netdev_deliver(device, sent, make_udp(sent, 100), UK_NETBUF_F_PARTIAL_CSUM);
        queued->csum_start = places[i][0];
        queued->csum_offset = places[i][1];
        CHECK(read_frame() == 0 && dropped() == i + 1);
    }
    CHECK(ring_is_full());
}

// The device's own frames never take a buffer from us: they do not fit, or fit into several.
static void test_long_frames(void) {
    CHECK(start(1));
    open_first();
    static uint8_t sent[FAKE_FRAME_MAX];
    for (unsigned i = 0; i < 500; i++) {
        uint16_t length = (uint16_t)(1515 + random_below(FAKE_FRAME_MAX - 1515));
        fake_netdev_forget(device);
        fake_netdev_deliver(device, sent, length, 0);
        fake_netdev_deliver(device, sent, 1514, 0);
        CHECK(read_frame() == 1514 && read_frame() == 0 && ring_is_full());
    }
    CHECK(device->complaints == 0 && dropped() == (device->merges ? 500 : 0));
}

static void test_errors_are_looked_past(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[2048];
    uint16_t length = make_udp(sent, 64);
    for (unsigned i = 0; i < 100; i++) {
        fake_netdev_deliver(device, sent, 100, FAKE_BAD);
    }
    fake_netdev_deliver(device, sent, length, 0);
    CHECK(read_frame() == length && dropped() == 100);
    // What the driver lost is lost; the ring is as full as the rest allows, but for the one that we were reading.
    unsigned left = POOL_SIZE - 100 - 1;
    CHECK(device->ring_count == (left < fake_netdev_ring(device) ? left : fake_netdev_ring(device)));
}

static void test_a_driver_that_has_lost_all(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[100] = {0};
    for (unsigned i = 0; i < FAKE_QUEUED; i++) {
        fake_netdev_deliver(device, sent, sizeof(sent), FAKE_BAD);
    }
    CHECK(read_frame() == 0 && read_frame() == 0 && device->ring_count == 0);
    // Still the image does not turn in circles, and sends as before.
    CHECK(nets_listen() && platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1);
}

// What a driver hands out must lie in the buffer that it was given.
static void test_a_netbuf_that_is_elsewhere(void) {
    CHECK(start(1));
    open_first();
    static const struct {
        int moved;
        unsigned excess;
    } lies[] = {{-FAKE_HEADROOM - 1, 0}, {POOL_BUFFER, 0}, {POOL_BUFFER - FAKE_HEADROOM - 99, 0}, {0, POOL_BUFFER},
        {INT32_MAX / 2, 0}, {0, UINT16_MAX - 100}};
    uint8_t sent[100] = {0};
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        device->moved = lies[i].moved;
        device->excess = lies[i].excess;
        fake_netdev_deliver(device, sent, sizeof(sent), 0);
        CHECK(read_frame() == 0 && dropped() == i + 1 && ring_is_full());
    }
    device->moved = 100;
    device->excess = 0;
    fake_netdev_deliver(device, sent, sizeof(sent), 0);
    CHECK(read_frame() == sizeof(sent));
}

// Sending -------------------------------------------------------------------------------------------------------------

static void test_transmit(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[2048];
    random_fill(sent, sizeof(sent));
    struct net_tx offload = {.csum_start = 34}, cut = {.gso_size = 1000};
    CHECK(platform_net_write(HANDLE, sent, 0, &plain) == -EINVAL);
    CHECK(platform_net_write(HANDLE, sent, 1515, &plain) == -EINVAL);
    CHECK(platform_net_write(HANDLE, sent, SIZE_MAX, &plain) == -EINVAL);
    CHECK(platform_net_write(HANDLE, sent, 100, &offload) == -EINVAL);
    CHECK(platform_net_write(HANDLE, sent, 100, &cut) == -EINVAL);
    CHECK(!nets_sending() && platform_net_room(HANDLE) == POOL_SIZE);
    for (unsigned i = 0; i < 2000; i++) {
        size_t length = 1 + random_below(1514);
        device->sent_done = device->sent_count;
        CHECK(platform_net_write(HANDLE, sent + i % 16, length, &plain) == 1);
        struct uk_netbuf *last = device->sent[device->sent_count - 1];
        CHECK(last->len == length && last->flags == 0 && memcmp(last->data, sent + i % 16, length) == 0);
        CHECK(nets_sending());
    }
    CHECK(device->complaints == 0);
}

static void test_a_full_ring_has_room_again(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[60] = {0};
    for (unsigned i = 0; i < FAKE_SENDING; i++) {
        CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1);
    }
    CHECK(!nets_unheard());
    for (unsigned i = 0; i < 1000; i++) {
        CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 0);
        CHECK(nets_unheard() && !nets_unheard());
    }
    CHECK(platform_net_room(HANDLE) == POOL_SIZE - FAKE_SENDING); // none was lost
    device->sent_done = 1;
    CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1);
    CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 0);
    device->sent_done = FAKE_SENDING;
    CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1 && device->sent_count == 1);
    struct net_counters counters;
    platform_net_counters(HANDLE, &counters);
    CHECK(counters.kicks == FAKE_SENDING + 2);
}

static void test_frames_that_the_device_does_not_take_are_lost(void) {
    CHECK(start(1));
    open_first();
    device->send_error = -EIO;
    uint8_t sent[60] = {0};
    for (unsigned i = 0; i < 1000; i++) {
        CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1); // and no netbuf with it
    }
    CHECK(platform_net_room(HANDLE) == POOL_SIZE && !nets_unheard());
    struct net_counters counters;
    platform_net_counters(HANDLE, &counters);
    CHECK(counters.tx_errors == 1000);
}

static void test_a_driver_that_frees_twice(void) {
    CHECK(start(1));
    open_first();
    uint8_t sent[60] = {0};
    CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1);
    struct uk_netbuf *netbuf = device->sent[0];
    device->sent_done = 1;
    device->send_error = -EIO;
    CHECK(platform_net_write(HANDLE, sent, sizeof(sent), &plain) == 1 && platform_net_room(HANDLE) == POOL_SIZE);
    netbuf->dtor(netbuf);
    CHECK(platform_net_room(HANDLE) == POOL_SIZE);
}

// Waiting -------------------------------------------------------------------------------------------------------------

static void test_listening(void) {
    CHECK(start(2));
    open_first();
    CHECK(nets_listen() && device->interrupt_on && !fake_netdevs[1].interrupt_on); // that one is not open
    CHECK(read_frame() == 0 && !device->interrupt_on);
    fake_netdev_deliver(device, frame, 60, 0);
    CHECK(!nets_listen());
    nets_ignore();
    CHECK(!device->interrupt_on && read_frame() == 60);
    CHECK(platform_net_open(OTHER, &info) == 0);
    fake_netdev_deliver(&fake_netdevs[1], frame, 60, 0);
    CHECK(!nets_listen() && device->interrupt_on);
    nets_ignore();
    CHECK(!device->interrupt_on && !fake_netdevs[1].interrupt_on);
    CHECK(platform_net_read(OTHER, frame, sizeof(frame), &rx) == 60);
    fake_netdev_deliver(device, frame, 60, 0);
    CHECK(!nets_listen() && fake_netdevs[1].interrupt_on);
}

static void test_a_device_that_cannot_interrupt(void) {
    CHECK(start(1));
    open_first();
    device->interrupt_error = -ENOTSUP;
    CHECK(nets_listen() && nets_unheard() && nets_unheard());
}

// Each in a process of its own, as the glue is started once.
static void run_all(void) {
    int *const steps[] = {&device->probe_error, &device->configure_error, &device->receive_queue_error,
        &device->send_queue_error, &device->start_error};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        failing = steps[i];
        check_apart(test_a_step_that_fails);
    }
    static void (*const tests[])(void) = {
        test_devices_in_their_order,
        test_fewer_devices_than_the_manifest,
        test_no_device,
        test_more_networks_than_buffers,
        test_a_damaged_manifest,
        test_unikraft_has_no_memory,
        test_more_to_send_than_buffers,
        test_a_header_without_end,
        test_a_header_longer_than_a_buffer,
        test_an_address_of_many,
        test_mtu_of_1400,
        test_mtu_of_none,
        test_mtu_of_a_jumbo,
        test_mtu_that_is_the_mac,
        test_receive_and_wrap,
        test_a_ring_that_was_full,
        test_partial_checksum,
        test_partial_checksum_elsewhere,
        test_long_frames,
        test_errors_are_looked_past,
        test_a_driver_that_has_lost_all,
        test_a_netbuf_that_is_elsewhere,
        test_transmit,
        test_a_full_ring_has_room_again,
        test_frames_that_the_device_does_not_take_are_lost,
        test_a_driver_that_frees_twice,
        test_listening,
        test_a_device_that_cannot_interrupt,
    };
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        check_apart(tests[i]);
    }
}

int main(void) {
    run_all();
    merges = true;
    run_all();
    return 0;
}
