// fake_netdev.h - network devices of Unikraft's, with its virtio-net driver's habits (boards/unikraft-qemu/README.md).
// They watch over who has which netbuf, and over the order of the calls.

#ifndef PYMNET_TESTS_FAKE_NETDEV_H
#define PYMNET_TESTS_FAKE_NETDEV_H

#include <stdbool.h>
#include <uk/netdev.h>

#define FAKE_DEVICES 3
#define FAKE_FRAME_MAX 4096
#define FAKE_QUEUED 512
#define FAKE_HEADROOM 16
#define FAKE_DESCRIPTORS 256
#define FAKE_SENDING (FAKE_DESCRIPTORS / 2) // frames in the ring that sends: two descriptors each
#define FAKE_BAD 0x8000                     // a frame that the driver fails on, and whose netbuf it loses

struct fake_frame {
    uint8_t bytes[FAKE_FRAME_MAX];
    uint16_t length, flags, csum_start, csum_offset;
};

extern struct fake_netdev {
    // What it is like, as the test sets it.
    bool merges; // spreads a long frame over several netbufs, one descriptor each; else two, and long ones are dropped
    uint16_t mtu, headroom, send_descriptors;
    uint8_t mac[6];
    const char *cidr, *gateway;
    int probe_error, configure_error, receive_queue_error, send_queue_error, start_error, interrupt_error, send_error;
    unsigned excess; // that its driver counts too much in a received frame's length
    int moved;       // how far from where they lie it says that frames are
    // How far it has been set up, and what for.
    enum { FAKE_FOUND, FAKE_PROBED, FAKE_CONFIGURED, FAKE_QUEUES, FAKE_STARTED } state;
    struct uk_netdev_rxqueue_conf receive;
    // What comes, and the netbufs that it goes into, the oldest first.
    struct fake_frame queued[FAKE_QUEUED];
    unsigned first, last;
    struct uk_netbuf *ring[FAKE_DESCRIPTORS];
    unsigned ring_count;
    bool interrupt_on; // rx_one must not be called then
    // What was sent and not yet taken back.
    struct uk_netbuf *sent[FAKE_SENDING];
    unsigned sent_count, sent_done; // the device is ready with the first `sent_done`
    unsigned complaints;            // lines that the driver would have printed
} fake_netdevs[FAKE_DEVICES];

extern unsigned fake_netdev_count;

// New devices, as QEMU's are.
void fake_netdev_begin(unsigned count);

// Netbufs that fit into the ring.
unsigned fake_netdev_ring(const struct fake_netdev *device);

// The frame, for the test to mark it.
struct fake_frame *fake_netdev_deliver(
    struct fake_netdev *device, const uint8_t *bytes, uint16_t length, uint16_t flags);

// Whether a frame waits that the driver would give out.
bool fake_netdev_waits(const struct fake_netdev *device);

// Forgets the frames that wait.
void fake_netdev_forget(struct fake_netdev *device);

#endif // PYMNET_TESTS_FAKE_NETDEV_H
