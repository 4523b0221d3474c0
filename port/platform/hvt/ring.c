// ring.c - see ring.h.
//
// The host completes a read at once, with a frame or with "none". While one frame is processed the next read
// is pending, so that host and guest work at the same time.

#include <string.h>

#include "hypercall.h"
#include "platform.h"
#include "ring.h"
#include "platform/solo5/boot.h"

#define ENTRIES 1024
#define OP_WRITE 1
#define OP_READ 2

struct entry {
    uint32_t op, handle;
    uint64_t data;
    uint32_t length, id;
    uint64_t reserved;
};

struct commit {
    uint32_t id;
    int32_t result;
    uint32_t length, reserved;
};

// All counters run freely, modulo 2^32.
struct shared {
    uint32_t entry_tail, commit_head; // written by the guest
    uint8_t pad0[56];
    uint32_t entry_head, commit_tail, needs_kick; // written by the host
    uint8_t pad1[52];
    struct entry entries[ENTRIES];
    struct commit commits[ENTRIES];
};

_Static_assert(offsetof(struct shared, entry_head) == 64 && offsetof(struct shared, entries) == 128
        && offsetof(struct shared, commits) == 32896,
    "the layout is an ABI");

// The reads of one device, in order: [taken, asked) are pending or complete. Counters are free-running.
struct reader {
    uint32_t asked, answered, taken;
    uint32_t length[RING_READS]; // length of a completed read; 0: there was no frame
};

static volatile struct shared *ring;
static size_t frame_size;

static char *send_buffers, *read_buffers;
static uint32_t sends, send_next, send_done; // free-running counters
static uint32_t send_entry[RING_SENDS];      // the entry of each buffer

static uint64_t avoid_until;

static struct reader readers[MANIFEST_ENTRIES_MAX];
static unsigned reader_count;

void ring_init(uintptr_t address, char *buffers, unsigned send_count, unsigned devices, size_t size) {
    ring = (volatile struct shared *)address;
    frame_size = size;
    sends = send_count;
    send_buffers = buffers;
    read_buffers = buffers + send_count * size;
    reader_count = devices;
}

static _Noreturn void broken(void) {
    solo5_stop("the host broke the rules of the net ring");
}

static uint32_t entries_waiting(void) {
    uint32_t waiting = ring->entry_tail - ring->entry_head;
    if (waiting > ENTRIES) {
        broken();
    }
    return waiting;
}

// There is always room: pending sends and reads are bounded, and together fewer than the ring has entries.
_Static_assert(RING_SENDS + RING_READS * MANIFEST_ENTRIES_MAX < ENTRIES - 1, "an entry is always free");

static void submit(uint32_t op, unsigned handle, const void *data, size_t length, unsigned id) {
    uint32_t tail = ring->entry_tail;
    volatile struct entry *entry = &ring->entries[tail % ENTRIES];
    entry->op = op;
    entry->handle = handle;
    entry->data = (uintptr_t)data;
    entry->length = (uint32_t)length;
    entry->id = id;
    entry->reserved = 0;
    x86_compiler_barrier(); // x86 keeps the order of stores
    ring->entry_tail = tail + 1;
}

bool ring_kick(void) {
    // the host sets needs_kick, then reads entry_tail once more; this side in the opposite order
    x86_full_barrier();
    if (!ring->needs_kick || ring_idle()) {
        return false;
    }
    x86_out32(HVT_PORT_KICK, 0);
    return true;
}

bool ring_idle(void) {
    return entries_waiting() == 0;
}

// Sending -------------------------------------------------------------------------------------------------------------

// Before every new entry, also a read's: the number of served entries is the distance of two counters, which
// is ambiguous after 2^31 entries.
static void reap_sends(void) {
    uint32_t served = ring->entry_head;
    while (send_done != send_next && (int32_t)(served - send_entry[send_done % sends]) > 0) {
        send_done++;
    }
}

size_t ring_room(void) {
    reap_sends();
    return sends - (send_next - send_done);
}

bool ring_write(unsigned handle, const void *frame, size_t length) {
    if (ring_room() == 0) {
        return false;
    }
    char *buffer = send_buffers + send_next % sends * frame_size;
    memcpy(buffer, frame, length);
    send_entry[send_next % sends] = ring->entry_tail;
    send_next++;
    submit(OP_WRITE, handle, buffer, length, 0);
    return true;
}

// Receiving -----------------------------------------------------------------------------------------------------------

static char *read_buffer(unsigned device, uint32_t number) {
    return read_buffers + (device * RING_READS + number % RING_READS) * frame_size;
}

static void ask(unsigned handle, unsigned device) {
    struct reader *reader = &readers[device];
    reap_sends();
    submit(OP_READ, handle, read_buffer(device, reader->asked), frame_size, device);
    reader->asked++;
}

static void note_answer(const volatile struct commit *commit) {
    uint32_t device = commit->id, length = commit->length;
    int32_t result = commit->result;
    if (device >= reader_count || readers[device].answered == readers[device].asked
        || (result != HVT_OK && result != HVT_AGAIN) || (result == HVT_OK && (length == 0 || length > frame_size))) {
        broken();
    }
    struct reader *reader = &readers[device];
    reader->length[reader->answered++ % RING_READS] = result == HVT_OK ? length : 0;
}

static void note_answers(void) {
    while (ring->commit_head != ring->commit_tail) {
        x86_compiler_barrier(); // and of loads
        note_answer(&ring->commits[ring->commit_head % ENTRIES]);
        ring->commit_head++;
    }
}

// The host completes entries within microseconds, unless its thread is not scheduled: then a hypercall makes
// room, and for a while hypercalls are faster.
#define SPINS 1000
#define SLOW_NS UINT64_C(100000)
#define AVOID_NS UINT64_C(20000000)
#define TIMEOUT_NS UINT64_C(5000000000)

static void await_slow_answer(const struct reader *reader, uint64_t start) {
    uint64_t now = start;
    for (unsigned spins = 1; note_answers(), reader->answered == reader->taken; spins++) {
        x86_pause();
        if (spins % SPINS == 0) {
            struct hvt_poll yield = {.timeout_ns = 1};
            hvt_call(HVT_POLL, &yield);
            now = platform_clock_monotonic();
            if (now - start > TIMEOUT_NS) {
                solo5_stop("the host does not serve the net ring");
            }
        }
    }
    if (now - start > SLOW_NS) {
        avoid_until = now + AVOID_NS;
    }
}

static void await_answer(const struct reader *reader) {
    ring_kick();
    for (unsigned spins = 0; note_answers(), reader->answered == reader->taken; spins++) {
        if (spins == SPINS) {
            await_slow_answer(reader, platform_clock_monotonic());
            return;
        }
        x86_pause();
    }
}

bool ring_is_slow(void) {
    return avoid_until != 0 && platform_clock_monotonic() < avoid_until;
}

size_t ring_read(unsigned handle, unsigned device, void *buffer, size_t size, uint64_t *dropped) {
    struct reader *reader = &readers[device];
    if (reader->asked == reader->taken) {
        ask(handle, device);
    }
    while (reader->asked != reader->taken) {
        await_answer(reader);
        uint32_t number = reader->taken, length = reader->length[number % RING_READS];
        if (length > 0 && reader->asked - reader->taken < RING_READS && !ring_is_slow()) {
            ask(handle, device);
        }
        // Only now: the buffer must not be requested again before its frame is copied.
        const char *frame = read_buffer(device, number);
        bool fits = length <= size;
        if (length > 0 && fits) {
            memcpy(buffer, frame, length);
        }
        reader->taken++;
        if (length > 0 && fits) {
            return length;
        }
        *dropped += !fits;
    }
    return 0;
}

bool ring_has_reads(unsigned device) {
    return readers[device].asked != readers[device].taken;
}
