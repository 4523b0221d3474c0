// ring.h - frames through memory shared with a thread of the tender's: no exits while both are busy.
// Facts: Solo5 hvt ABI 2, HVT_FEATURE_RING_IO. There is one ring for all devices; entries are served in order.

#ifndef PYMNET_HVT_RING_H
#define PYMNET_HVT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SIZE (UINT64_C(2) << 20) // what the tender reserves for it, behind the RAM
#define RING_SENDS 256                // frames on their way at most
#define RING_READS 2                  // reads asked for ahead, for each device

// The ring is mapped at `address`; `buffers` has room for `sends` frames to send, a power of two and RING_SENDS at most,
// and for RING_READS of each of `devices`, all of `frame_size` bytes.
void ring_init(uintptr_t address, char *buffers, unsigned sends, unsigned devices, size_t frame_size);

// As platform_net_write/read/flush/room; `handle` goes to the host, `device` counts from 0. The number of trips to the host
// and of frames that were longer than `size` are added to what the pointers point to.
bool ring_write(unsigned handle, const void *frame, size_t length);
size_t ring_read(unsigned handle, unsigned device, void *buffer, size_t size, uint64_t *dropped);
size_t ring_room(void);

// Wakes the host if it sleeps. Returns whether that took a trip.
bool ring_kick(void);

// A read of a device is on its way, and with it a frame perhaps: the next frame is to come from the ring, and nobody may
// sleep.
bool ring_has_reads(unsigned device);

// The host's thread was late, a moment ago: it has no processor.
bool ring_is_slow(void);

// Everything was served.
bool ring_idle(void);

#endif // PYMNET_HVT_RING_H
