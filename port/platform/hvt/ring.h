// ring.h - frames through memory shared with a thread of the tender: no exits while both are busy. Facts:
// Solo5 hvt ABI 2, HVT_FEATURE_RING_IO. There is one ring for all devices; entries are served in order.

#ifndef PYMNET_HVT_RING_H
#define PYMNET_HVT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SIZE (UINT64_C(2) << 20) // reserved by the tender, behind the RAM
#define RING_SENDS 256                // pending sends at most
#define RING_READS 2                  // pending reads for each device

// The ring is mapped at `address`; `buffers` has room for `sends` frames to send, a power of two and RING_SENDS at most,
// and for RING_READS of each of `devices`, all of `frame_size` bytes.
void ring_init(uintptr_t address, char *buffers, unsigned sends, unsigned devices, size_t frame_size);

// As platform_net_write/read/flush/room; `handle` is for the host, `device` counts from 0. The number of
// trips to the host and of frames longer than `size` are added to the counters pointed to.
bool ring_write(unsigned handle, const void *frame, size_t length);
size_t ring_read(unsigned handle, unsigned device, void *buffer, size_t size, uint64_t *dropped);
size_t ring_room(void);

// Wakes the host if it sleeps. Returns whether that took a trip to the host.
bool ring_kick(void);

// Whether a read of the device is pending, perhaps with a frame: the next frame must come from the ring, and
// the machine must not sleep.
bool ring_has_reads(unsigned device);

// Whether the host's thread was recently late: it has no processor.
bool ring_is_slow(void);

// Whether all entries were served.
bool ring_idle(void);

#endif // PYMNET_HVT_RING_H
