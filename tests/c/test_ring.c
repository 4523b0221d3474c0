// test_ring.c - port/platform/hvt/ring.c: every frame arrives once, in order, whenever the host's thread gets to run, and no host
// gets the guest to believe what cannot be.

#include <setjmp.h>
#include <string.h>

#include "check.h"
#include "arch/x86_64/cpu.h"

static void host_turn(void);
static void host_out(uint16_t port);

// The host runs while the guest waits, and when it is kicked.
#define x86_pause() host_turn()
#define x86_out32(port, value) ((void)(value), host_out(port))
#include "platform/hvt/ring.c"

#define FRAME 256
#define SENDS 8
#define DEVICES 2
#define FIRST_HANDLE 3 // of the devices, so that it is no index

static struct shared shared;
static char buffers[(SENDS + RING_READS * DEVICES) * FRAME];
static uint64_t now;

static jmp_buf stopped;
static const char *reason;

uint64_t platform_clock_monotonic(void) {
    return now += 1000;
}

_Noreturn void solo5_stop(const char *why) {
    reason = why;
    longjmp(stopped, 1);
}

// The host ---------------------------------------------------------------------------------------------------------

static bool host_sleeps, host_is_dead;
static unsigned kicks, host_laziness; // of so many turns it uses one
static uint32_t sent, coming[DEVICES], came[DEVICES];
static size_t wanted_length; // of the frames that come; 0: any

// Frame n carries n and is as long as n says.
static size_t length_of(uint32_t number) {
    return wanted_length != 0 ? wanted_length : 8 + number % (FRAME - 8);
}

static void host_answer(uint32_t id, int32_t result, uint32_t length) {
    volatile struct commit *commit = &shared.commits[shared.commit_tail % ENTRIES];
    commit->id = id;
    commit->result = result;
    commit->length = length;
    shared.commit_tail++;
}

static void host_serve(const volatile struct entry *entry) {
    uint32_t number;
    char *data = (char *)(uintptr_t)entry->data;
    if (entry->op == OP_WRITE) {
        CHECK(entry->handle == FIRST_HANDLE);
        memcpy(&number, data, sizeof(number));
        CHECK(number == sent && entry->length == length_of(number));
        sent++;
        return;
    }
    unsigned device = entry->handle - FIRST_HANDLE;
    CHECK(entry->op == OP_READ && device < DEVICES && entry->id == device && entry->length == FRAME);
    if (came[device] == coming[device]) {
        host_answer(device, HVT_AGAIN, 0);
        return;
    }
    number = came[device]++;
    memset(data, (int)number, FRAME);
    memcpy(data, &number, sizeof(number));
    host_answer(device, HVT_OK, (uint32_t)length_of(number));
}

static void host_turn(void) {
    if (host_is_dead || host_sleeps || random_below(host_laziness) != 0) {
        return;
    }
    if (shared.entry_head == shared.entry_tail) {
        shared.needs_kick = 1;
        host_sleeps = true;
        return;
    }
    host_serve(&shared.entries[shared.entry_head % ENTRIES]);
    shared.entry_head++;
}

static void host_out(uint16_t port) {
    if (port == HVT_PORT_KICK) {
        CHECK(shared.needs_kick);
        kicks++;
        shared.needs_kick = 0;
        host_sleeps = false;
    }
    now += 1000000; // a trip takes its time
}

static void begin(uint32_t counters, unsigned laziness) {
    memset(&shared, 0, sizeof(shared));
    memset(readers, 0, sizeof(readers));
    shared.entry_tail = shared.entry_head = shared.commit_head = shared.commit_tail = counters;
    sent = send_next = send_done = 0;
    memset(coming, 0, sizeof(coming));
    memset(came, 0, sizeof(came));
    host_sleeps = host_is_dead = false;
    host_laziness = laziness;
    wanted_length = 0;
    avoid_until = 0;
    reason = NULL;
    ring_init((uintptr_t)&shared, buffers, SENDS, DEVICES, FRAME);
}

static bool stops(const char *why) {
    return reason != NULL && strstr(reason, why) != NULL;
}

// Tests ------------------------------------------------------------------------------------------------------------

static void test_sending(uint32_t counters) {
    begin(counters, 3);
    char frame[FRAME] = {0};
    for (uint32_t number = 0; number < 5000;) {
        memcpy(frame, &number, sizeof(number));
        size_t room = ring_room();
        bool taken = ring_write(FIRST_HANDLE, frame, length_of(number));
        CHECK(taken == (room > 0));
        number += taken;
        if (!taken || random_below(4) == 0) {
            ring_kick();
            host_turn();
        }
    }
    while (!ring_idle()) {
        ring_kick();
        host_turn();
    }
    CHECK(sent == 5000 && ring_room() == SENDS && !ring_kick());
}

// Frames that were sent make room for others, however many reads come before the next one is sent.
static void test_sending_after_many_reads(void) {
    begin(UINT32_MAX - 100, 1);
    char frame[FRAME] = {0};
    uint64_t dropped = 0;
    for (uint32_t number = 0; number < SENDS; number++) {
        memcpy(frame, &number, sizeof(number));
        CHECK(ring_write(FIRST_HANDLE, frame, length_of(number)));
    }
    CHECK(ring_room() == 0);
    for (unsigned part = 0; part < 4; part++) {
        CHECK(ring_read(FIRST_HANDLE, 0, frame, sizeof(frame), &dropped) == 0);
        CHECK(ring_idle());
        // As many reads again as change the sign of a distance, but for a few.
        shared.entry_tail += UINT32_C(1) << 30;
        shared.entry_head += UINT32_C(1) << 30;
        uint32_t number = sent;
        memcpy(frame, &number, sizeof(number));
        if (part == 2) {
            CHECK(ring_room() == SENDS && ring_write(FIRST_HANDLE, frame, length_of(number)));
        }
    }
    CHECK(ring_room() == SENDS && sent == SENDS + 1);
}

static void test_receiving(uint32_t counters, unsigned laziness) {
    begin(counters, laziness);
    uint64_t dropped = 0;
    uint32_t seen[DEVICES] = {0, 0};
    char frame[FRAME];
    for (unsigned turn = 0; turn < 3000; turn++) {
        unsigned device = (unsigned)random_below(DEVICES);
        coming[device] += (uint32_t)random_below(4);
        size_t length;
        while ((length = ring_read(FIRST_HANDLE + device, device, frame, sizeof(frame), &dropped)) > 0) {
            uint32_t number;
            memcpy(&number, frame, sizeof(number));
            CHECK(number == seen[device] && length == length_of(number));
            CHECK(length < 5 || frame[length - 1] == (char)number);
            seen[device]++;
        }
        CHECK(!ring_has_reads(device) && dropped == 0);
        CHECK(seen[device] == coming[device]);
    }
}

static void test_frames_that_do_not_fit(void) {
    begin(0, 1);
    wanted_length = 100;
    coming[0] = 3;
    uint64_t dropped = 0;
    char frame[100];
    CHECK(ring_read(FIRST_HANDLE, 0, frame, 99, &dropped) == 0 && dropped == 3);
    coming[0] = 4;
    CHECK(ring_read(FIRST_HANDLE, 0, frame, 100, &dropped) == 100 && dropped == 3);
}

static void test_a_late_host_is_avoided_for_a_while(void) {
    begin(0, 1);
    uint64_t dropped = 0;
    char frame[FRAME];
    coming[0] = 1;
    CHECK(ring_read(FIRST_HANDLE, 0, frame, sizeof(frame), &dropped) > 0 && !ring_is_slow());
    host_laziness = 20000;
    coming[0] = 2;
    CHECK(ring_read(FIRST_HANDLE, 0, frame, sizeof(frame), &dropped) > 0 || ring_is_slow());
    while (ring_has_reads(0)) {
        ring_read(FIRST_HANDLE, 0, frame, sizeof(frame), &dropped);
    }
    CHECK(ring_is_slow());
    now += 2 * AVOID_NS;
    CHECK(!ring_is_slow());
}

static void read_once(void) {
    char frame[FRAME];
    uint64_t dropped = 0;
    if (setjmp(stopped) == 0) {
        ring_read(FIRST_HANDLE, 0, frame, sizeof(frame), &dropped);
    }
}

static void test_hosts_that_break_the_rules(void) {
    static const struct commit lies[] = {
        {.id = DEVICES, .result = HVT_OK, .length = 60}, // a device that is not there
        {.id = 1, .result = HVT_OK, .length = 60},       // a completion without a request
        {.id = UINT32_MAX, .result = HVT_AGAIN},
        {.id = 0, .result = HVT_OK, .length = FRAME + 1},
        {.id = 0, .result = HVT_OK, .length = 0},
        {.id = 0, .result = HVT_INVALID},
        {.id = 0, .result = -1},
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        begin(0, 1);
        host_is_dead = true;
        host_answer(lies[i].id, lies[i].result, lies[i].length);
        read_once();
        CHECK(stops("broke the rules"));
    }
    begin(0, 1);
    host_is_dead = true;
    shared.entry_head = 7; // served what was never asked for
    shared.needs_kick = 1;
    read_once();
    CHECK(stops("broke the rules"));
    begin(0, 1);
    host_is_dead = true;
    read_once();
    CHECK(stops("does not serve"));
}

int main(void) {
    test_sending(0);
    test_sending(UINT32_MAX - 100);
    test_sending_after_many_reads();
    for (unsigned laziness = 1; laziness < 40; laziness += 6) {
        test_receiving(UINT32_MAX - 1000, laziness);
    }
    test_frames_that_do_not_fit();
    test_a_late_host_is_avoided_for_a_while();
    test_hosts_that_break_the_rules();
    return 0;
}
