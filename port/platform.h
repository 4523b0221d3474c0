// platform.h - the interface between the runtime and a machine.
//
// One folder implements it for one platform (qemu/, hvt/, spt/, unikraft/; README.md describes how to add
// one). The runtime - interpreter, fibers, console batching, random generator, stack pool - is compiled once
// and depends on a machine only through this file, so nothing here names a processor, a bus or a hypervisor.
//
// Rules for all calls: one processor, no preemption, never called from an interrupt. Pointers belong to the
// caller and are not kept. Nothing allocates. Errors are returned as negative MP_E* numbers (py/mperrno.h). A
// call documented as unable to fail does not return when the machine is broken, but stops it with one line on
// the console.

#ifndef PYMNET_PLATFORM_H
#define PYMNET_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "manifest.h"

#define PLATFORM_FOREVER UINT64_MAX // as a deadline: none
#define PLATFORM_PAGE ((size_t)4096)

// Start -----------------------------------------------------------------------------------------------------------

// The platform's description of the machine. All of it stays valid and unchanged until the end.
struct boot {
    const char *arguments;           // the image's arguments as one string; "" when there are none
    const struct manifest *manifest; // the devices; opening one shows whether it is attached
    uintptr_t memory, memory_end;    // free RAM: page-aligned, readable, writable, not executable
    bool zeroed;                     // the free RAM is all zeros; else its contents are undefined
    char *stack, *stack_top;         // the stack of runtime_main(), 64 KiB or more
};

// In the runtime. A platform calls it once, with console, clocks and entropy working. Does not return.
_Noreturn void runtime_main(const struct boot *boot);

// In the runtime, for a platform's fault report. Names the part of the free RAM that contains an address, or
// returns NULL; `absent`: its page is absent. Reads only the stack pool's own records, so that it can be
// called after any failure.
const char *runtime_name_address(uintptr_t address, bool absent);

// In the runtime, for the same report. Returns console output that is still collected, to be written first.
size_t runtime_unwritten(const char **text);

// The name of the board, which the build writes into the image.
extern const char board_name[];

// Memory ----------------------------------------------------------------------------------------------------------

// Makes pages of the free RAM absent permanently: an access is reported as a CPU exception. The platform may
// keep some of the range for its page tables: *start and *end come back page-aligned and not larger. false:
// this machine cannot do it (the range stays present, the shared stack then has no guard). Called once, at
// the start, before any of the free RAM is touched: a platform may leave all of it absent until then.
bool platform_pages_absent(uintptr_t *start, uintptr_t *end);

// Console ---------------------------------------------------------------------------------------------------------

// Writes what the host accepts now, in order, and returns how much; platform_poll() returns when it may
// accept more. Accepted output is not lost at platform_exit(). Costs a trip to the host on most machines: the
// runtime batches (console.h). A machine that cannot tell what its host accepts waits here.
size_t platform_console_offer(const char *text, size_t length);

// Writes all of it, in order: the machine waits while the host does not accept it, at most for
// runtime_console_timeout(). For the start, the end and faults.
void platform_console_write(const char *text, size_t length);

// In the runtime: nanoseconds that the machine waits for a host that accepts nothing. PLATFORM_FOREVER, or
// less where output may be dropped.
uint64_t runtime_console_timeout(void);

// Whether this machine has console input.
extern const bool platform_console_has_input;

// Reads at most `size` bytes of input without waiting. 0: there is none, or this machine has no input.
size_t platform_console_read(char *buffer, size_t size);

// Clocks ----------------------------------------------------------------------------------------------------------

// Nanoseconds since an arbitrary point before the start. Monotonic; may stand still while the machine is
// paused.
uint64_t platform_clock_monotonic(void);

// Nanoseconds since 1970-01-01 UTC. Corrected within a second after a pause, so it may jump. 0: this machine
// has no wall clock.
uint64_t platform_clock_wall(void);

// Entropy ---------------------------------------------------------------------------------------------------------

// Reads up to `size` bytes from the machine's random sources, unmixed: only random.h may call it. Returns how
// many; 0 means that there is no source (or none responds), never "try again". May take a millisecond.
size_t platform_entropy(void *buffer, size_t size);

// The same from sources that respond within a microsecond and differ between two copies of a machine (a
// processor's generator): for every request of random numbers.
size_t platform_entropy_now(void *buffer, size_t size);

// Waiting ---------------------------------------------------------------------------------------------------------

// Returns when a device may have work - a frame was received, a device that refused a frame has room, a link
// has changed, console input arrived, the console has room - or the monotonic clock has reached `deadline`;
// at once if so already. Uses no processor time meanwhile. May return early without a reason.
void platform_poll(uint64_t deadline);

// Network ---------------------------------------------------------------------------------------------------------

// A device is identified by its index in the manifest ("handle").

enum {
    NET_TX_CSUM = 1, // completes transport checksums on transmit
    NET_RX_CSUM = 2, // reports received frames with correct (or omitted) checksums
    NET_TSO4 = 4,    // cuts TCP/IPv4 segments on transmit (needs NET_TX_CSUM)
    NET_TSO6 = 8,    // the same for TCP/IPv6
    NET_LRO = 16,    // may hand over merged TCP segments: frames up to NET_FRAME_MAX
};

#define NET_FRAME_MAX 65549 // Ethernet header and the longest IPv4 packet, RFC 791 section 3.1

struct net_info {
    uint8_t mac[6];
    uint16_t mtu; // longest packet without its Ethernet header; at least 576
    uint32_t features;
};

enum net_rx_csum {
    NET_CSUM_UNKNOWN, // not verified
    NET_CSUM_GOOD,    // the device or the host verified it
    NET_CSUM_PARTIAL, // never left the host: data is good, the field holds only the sum of the pseudo-header
};

struct net_rx {
    enum net_rx_csum csum;
    uint16_t gso_size; // payload of each segment that was merged; 0: a plain frame
};

struct net_tx {
    uint16_t csum_start;  // 0: the frame is complete; else where the checksum computation starts ...
    uint16_t csum_offset; // ... and the offset of the checksum from there (it holds the pseudo-header's sum)
    uint16_t gso_size;    // 0: a plain frame; else the payload of each TCP segment to cut (csum_start is then needed)
};

struct net_counters {
    uint64_t rx_dropped; // frames larger than the buffer, or malformed by the device
    uint64_t tx_dropped; // frames lost because the link was down
    uint64_t tx_errors;  // frames that the device or the host refused for good: lost
    uint64_t kicks;      // trips to the host
};

// Opens a device; from then on it receives, and the other calls may be made. 0, or -MP_ENODEV: not attached;
// -MP_EIO: attached, but unusable; -MP_ENOMEM: no memory for its queues; -MP_EBUSY: already open, and stays
// so.
int platform_net_open(unsigned handle, struct net_info *info);

// Copies the next received frame. Returns its length, or 0 if there is none. A frame longer than `size` is
// dropped and counted.
size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx);

// Queues a copy of one frame. 1: queued; 0: no room - platform_poll() returns when there is; -MP_EINVAL:
// longer than the device allows, or `tx` requires features that the device lacks or points outside the frame.
int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx);

// Starts transmission of the queued frames. Costs at most one trip to the host, none if the device is already
// working.
void platform_net_flush(unsigned handle);

// Counts the changes of the link: odd while it is up, even while it is down. A device without link status is
// always up: 1. While the link is down frames are accepted, dropped and counted. Costs no trip to the host.
uint32_t platform_net_link(unsigned handle);

// Returns how many frames of the MTU's size can be queued now.
size_t platform_net_room(unsigned handle);

void platform_net_counters(unsigned handle, struct net_counters *counters);

// Blocks ----------------------------------------------------------------------------------------------------------

// Identified by handle as network devices are. The calls block the whole machine.

struct block_info {
    uint64_t capacity;    // bytes: a whole number of sectors
    uint32_t sector_size; // bytes: a power of two, 512 or more
};

// Opens a device. 0, or -MP_ENODEV, -MP_EIO, -MP_EBUSY as for networks.
int platform_block_open(unsigned handle, struct block_info *info);

// Reads or writes whole sectors: `offset` and `length` are multiples of the sector size, and the caller
// ensures that they lie within the capacity. 0, or -MP_EIO: the device reported a failure, or did not respond
// in time.
int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length);
int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length);

// End -------------------------------------------------------------------------------------------------------------

// Lets queued frames leave (for a second at most), reports `code` (0 to 255) to the program that started the
// machine, and ends it.
_Noreturn void platform_exit(int code);

// The same after a failure that leaves no state to trust: lets the console's output leave and touches no
// other device.
_Noreturn void platform_panic(int code);

#endif // PYMNET_PLATFORM_H
