// platform.h - everything the runtime needs of a machine, and the little a machine needs of the runtime.
//
// One folder implements it for one platform (qemu/, hvt/, spt/, unikraft/; README.md tells how to add one). The
// runtime - interpreter, fibers, console batching, random generator, stack pool - is compiled once and knows a machine
// only through this file, so nothing here names a processor, a bus or a hypervisor.
//
// Rules for all calls: one processor, no preemption, never called from an interrupt. Pointers are the caller's and are not
// kept. Nothing allocates. Errors are returned as negative MP_E* numbers (py/mperrno.h); a call that says it cannot fail
// does not return when the machine is broken beyond use, but stops it with one line on the console.

#ifndef PYMNET_PLATFORM_H
#define PYMNET_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "manifest.h"

#define PLATFORM_FOREVER UINT64_MAX // as a deadline: none
#define PLATFORM_PAGE ((size_t)4096)

// Start -----------------------------------------------------------------------------------------------------------

// What a platform finds out before it hands over. All of it stays valid and unchanged until the end.
struct boot {
    const char *arguments;           // the image's arguments as one string; "" when there are none
    const struct manifest *manifest; // the devices; which are attached, opening them tells
    uintptr_t memory, memory_end;    // free RAM: page-aligned, readable, writable, not executable
    bool zeroed;                     // the free RAM is all zeros; else its contents are undefined
    char *stack, *stack_top;         // the stack runtime_main() is called on, 64 KiB or more
};

// In the runtime; a platform calls it once, with console, clocks and entropy working. Does not return.
_Noreturn void runtime_main(const struct boot *boot);

// In the runtime; for a platform's fault report. Says what part of the free RAM an address is in, or NULL; `absent`: its
// page is. Touches nothing but the stack pool's own records, so that it may be called when everything else is lost.
const char *runtime_name_address(uintptr_t address, bool absent);

// In the runtime; for the same report. What the console batch still holds, to be written before the report.
size_t runtime_unwritten(const char **text);

// Names the machine in `os.uname()`.
extern const char platform_name[];

// Memory ----------------------------------------------------------------------------------------------------------

// Takes pages of the free RAM away, for ever: touching one is reported as a CPU exception. The platform may keep some of the
// range for its page tables: *start and *end come back page-aligned and not larger. false: this machine cannot take pages
// away (the range stays present, the stack of fibers then has no guard). Called once, at the start, before any of the free
// RAM is touched: a platform may leave all of it absent until then.
bool platform_pages_absent(uintptr_t *start, uintptr_t *end);

// Console ---------------------------------------------------------------------------------------------------------

// Writes what the host takes now, in order, and returns how much that was; platform_poll() returns when it may take more.
// What was taken is not lost at platform_exit(). Costs a trip to the host on most machines: the runtime batches
// (console.h). A machine that cannot know what its host takes waits here.
size_t platform_console_offer(const char *text, size_t length);

// Writes all of it, in order: the machine waits while the host does not take it, for as long as
// runtime_console_patience(). For the start, the end and faults.
void platform_console_write(const char *text, size_t length);

// In the runtime: for how many nanoseconds the machine waits for a host that takes nothing. PLATFORM_FOREVER, or less where
// output may be dropped.
uint64_t runtime_console_patience(void);

// Whether this machine has console input at all.
extern const bool platform_console_has_input;

// Copies what was typed, at most `size` bytes, without waiting. 0: nothing waits, or this machine has no input.
size_t platform_console_read(char *buffer, size_t size);

// Clocks ----------------------------------------------------------------------------------------------------------

// Nanoseconds since some point before the start; never goes back; may stand still while the machine is paused.
uint64_t platform_clock_monotonic(void);

// Nanoseconds since 1970-01-01 UTC; right again within a second after a pause, so it may jump. 0: this machine has no
// wall clock.
uint64_t platform_clock_wall(void);

// Entropy ---------------------------------------------------------------------------------------------------------

// Up to `size` bytes from the machine's random sources, not yet mixed by anyone: only random.h is to call it. Returns how
// many were written; 0 means there is no source (or none that answers), never "try again". May take a millisecond.
size_t platform_entropy(void *buffer, size_t size);

// The same from what answers within a microsecond, and two copies of a machine differently (a processor's generator): for
// every request of random numbers.
size_t platform_entropy_now(void *buffer, size_t size);

// Waiting ---------------------------------------------------------------------------------------------------------

// Returns when a device may have work - a frame waits, a device that refused a frame has room again, a link has changed,
// console input came, the console has room again - or the monotonic clock reached `deadline`; at once if that is so already. Uses no processor time meanwhile. May return
// early for no reason: look again.
void platform_poll(uint64_t deadline);

// Network ---------------------------------------------------------------------------------------------------------

// A device is named by its index in the manifest ("handle").

enum {
    NET_TX_CSUM = 1, // completes transport checksums on transmit
    NET_RX_CSUM = 2, // says of a received frame that its checksums are right (or were never computed)
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
    NET_CSUM_UNKNOWN, // not looked at: verify it
    NET_CSUM_GOOD,    // the device or the host verified it
    NET_CSUM_PARTIAL, // never left the host: data is good, the field holds the pseudo-header's sum only
};

struct net_rx {
    enum net_rx_csum csum;
    uint16_t gso_size; // payload of each segment that was merged; 0: a plain frame
};

struct net_tx {
    uint16_t csum_start;  // 0: the frame is complete; else where the device starts to sum ...
    uint16_t csum_offset; // ... and where, from there, the sum goes (it holds the pseudo-header's sum)
    uint16_t gso_size;    // 0: a plain frame; else the payload of each TCP segment to cut (csum_start is then needed)
};

struct net_counters {
    uint64_t rx_dropped; // frames lost for want of a large enough buffer, or malformed by the device
    uint64_t tx_dropped; // frames lost because the link was down
    uint64_t kicks;      // trips to the host
};

// Opens a device; from then on it receives, and the other calls may be made. 0, or -MP_ENODEV: not there; -MP_EIO: there,
// but unusable; -MP_ENOMEM: no memory for its queues; -MP_EBUSY: open already, and so it stays.
int platform_net_open(unsigned handle, struct net_info *info);

// Copies the next received frame: its length, or 0 when none waits. One longer than `size` is dropped and counted.
size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx);

// Queues one frame, copied. 1: queued; 0: no room, nothing taken - platform_poll() returns when there is again;
// -MP_EINVAL: longer than the device takes, or `tx` asks for what its features do not offer or points outside the frame.
int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx);

// Makes the device send what was queued. One trip to the host at most, none if the device is at work already.
void platform_net_flush(unsigned handle);

// How often the link has changed, as far as is known: odd while it is up, even while it is down. A device that cannot say
// is up for ever: 1. While it is down frames are taken, lost and counted. Costs no trip to the host.
uint32_t platform_net_link(unsigned handle);

// How many frames of the MTU's size could be queued now.
size_t platform_net_room(unsigned handle);

void platform_net_counters(unsigned handle, struct net_counters *counters);

// Blocks ----------------------------------------------------------------------------------------------------------

// Named by handle as network devices are. The calls wait: nothing else runs meanwhile.

struct block_info {
    uint64_t capacity;    // bytes: a whole number of sectors
    uint32_t sector_size; // bytes: a power of two, 512 or more
};

// Opens a device. 0, or -MP_ENODEV, -MP_EIO, -MP_EBUSY as for networks.
int platform_block_open(unsigned handle, struct block_info *info);

// Reads or writes whole sectors: `offset` and `length` are multiples of the sector's size, and the caller has seen to it
// that they lie within the capacity. 0, or -MP_EIO: the device says that it failed, or says nothing for too long.
int platform_block_read(unsigned handle, uint64_t offset, void *buffer, size_t length);
int platform_block_write(unsigned handle, uint64_t offset, const void *buffer, size_t length);

// End -------------------------------------------------------------------------------------------------------------

// Lets what was queued leave (bounded: a second), reports `code` (0 to 255) to whoever started the machine, and ends it.
_Noreturn void platform_exit(int code);

// The same when nothing can be trusted any more: lets the console's output leave and touches no other device.
_Noreturn void platform_panic(int code);

#endif // PYMNET_PLATFORM_H
