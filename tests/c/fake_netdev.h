// fake_netdev.h - one network device of Unikraft's, with its driver's habits (boards/unikraft-qemu/README.md).

#ifndef PYMNET_TESTS_FAKE_NETDEV_H
#define PYMNET_TESTS_FAKE_NETDEV_H

#include <stdbool.h>
#include <uk/netdev.h>

#define FAKE_RING 128
#define FAKE_QUEUED 512
#define FAKE_HEADROOM 16
#define FAKE_BAD 0x8000 // a frame that the driver fails on, and whose netbuf it loses

extern struct fake_netdev {
    unsigned count; // of devices
    uint16_t mtu;
    uint8_t mac[6];
    const char *cidr, *gateway;
    int configure_error;
    // What comes: frames, and how the driver marks them.
    struct {
        uint8_t bytes[2048];
        uint16_t length, flags, csum_start, csum_offset;
    } queued[FAKE_QUEUED];
    unsigned first, last;
    unsigned excess;   // that it counts too much in a received frame's length
    bool interrupt_on; // rx_one must not be called then
    struct uk_netbuf *ring[FAKE_RING];
    unsigned ring_count;
    // What was sent and not yet freed.
    struct uk_netbuf *sent[FAKE_RING];
    unsigned sent_count, sent_done; // the device is ready with the first `sent_done`
    int send_error;
    uint16_t nb_desc; // that was asked for
    struct uk_netdev_rxqueue_conf receive;
} fake_netdev;

void fake_netdev_begin(void);
void fake_netdev_deliver(const uint8_t *bytes, uint16_t length, uint16_t flags);

#endif // PYMNET_TESTS_FAKE_NETDEV_H
