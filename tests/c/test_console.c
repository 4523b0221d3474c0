// test_console.c - port/virtio/console*.c and port/platform/qemu/console.c: nothing written is lost, whatever the device does.

#include <string.h>

#include "check.h"
#include "fake_device.h"

// The port's functions that it is built on.
#include "platform/qemu/devices.h"
#include "platform/qemu/drivers.h"
#include "platform/qemu/serial.h"

#include "platform/qemu/console.c"

#define F_MULTIPORT (UINT64_C(1) << 1)
#define QUEUES(port) ((port) == 0 ? 0u : 2 * (port) + 2)

static char serial_text[1 << 16], device_text[1 << 20];
static size_t serial_length, device_length;
static uint64_t now;
static unsigned sleeps;
static void (*while_asleep)(void); // what the device does meanwhile
static unsigned port;              // that it has, or thinks it has

static size_t serial_takes = SIZE_MAX; // bytes, at one time
static uint64_t timeout = PLATFORM_FOREVER;

uint64_t runtime_console_timeout(void) {
    return timeout;
}

size_t serial_write(const char *text, size_t length) {
    length = length < serial_takes ? length : serial_takes;
    memcpy(serial_text + serial_length, text, length);
    serial_length += length;
    return length;
}

size_t serial_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

void *devices_memory(struct boot *boot, size_t size) {
    (void)boot;
    static void *memory;
    free(memory);
    return memory = aligned_alloc(4096, size);
}

void devices_listen(struct virtio_device *device) {
    (void)device;
}

uint64_t platform_clock_monotonic(void) {
    return now += 1000;
}

bool devices_sleep(uint64_t deadline) {
    CHECK(++sleeps < 100000); // otherwise it sleeps without end
    if (while_asleep != NULL) {
        while_asleep();
        return true;
    }
    CHECK(deadline != PLATFORM_FOREVER);
    now = deadline;
    return false;
}

// Takes what was written, `most` buffers of it.
static void take_output(unsigned most) {
    uint16_t id;
    struct virtq_desc desc;
    while (most-- > 0 && fake_pop(QUEUES(port) + 1, &id, &desc)) {
        memcpy(device_text + device_length, (const char *)(uintptr_t)desc.address, desc.length);
        device_length += desc.length;
        fake_push(QUEUES(port) + 1, id, 0);
    }
}

static void take_one(void) {
    take_output(1);
}

static void break_output(void) {
    fake_push(QUEUES(port) + 1, 12345, 0);
}

static void lose_count(void) {
    fake_skip(QUEUES(port) + 1, 30000);
}

static void begin(uint64_t features) {
    found = false;
    serial_length = device_length = 0;
    reported_index = 0;
    now = 0;
    sleeps = 0;
    while_asleep = NULL;
    refused = false;
    serial_takes = SIZE_MAX;
    timeout = PLATFORM_FOREVER;
    port = 0;
    fake_begin(features | VIRTIO_F_EVENT_IDX);
    console_found(NULL, &fake_transport);
}

struct control {
    uint32_t port;
    uint16_t event, value;
};

static const struct control no_port = {.port = 7, .event = 1}, second_port = {.port = 1, .event = 1};

static void announce(void) {
    while_asleep = NULL;
    fake_deliver(2, &no_port, sizeof(no_port)); // one that does not interest
    fake_deliver(2, &second_port, 3);           // half a message
    fake_deliver(2, &second_port, sizeof(second_port));
}

static void test_a_port_is_found(void) {
    begin(0);
    CHECK(found && console.port == 0);

    found = false;
    while_asleep = announce;
    fake_begin(F_MULTIPORT);
    console_found(NULL, &fake_transport);
    CHECK(found && console.port == 1);

    begin(F_MULTIPORT); // a device that never says which: the serial port serves
    CHECK(!found);
    platform_console_write("text", 4);
    CHECK(serial_length == 4);
}

static void test_a_megabyte_through_a_slow_device(void) {
    begin(0);
    while_asleep = take_one;
    char *text = malloc(sizeof(device_text));
    random_fill(text, sizeof(device_text));
    for (size_t done = 0, part; done < sizeof(device_text); done += part) {
        part = 1 + random_below(5000);
        part = part < sizeof(device_text) - done ? part : sizeof(device_text) - done;
        platform_console_write(text + done, part);
    }
    console_drain();
    CHECK(device_length == sizeof(device_text) && memcmp(text, device_text, device_length) == 0);
    CHECK(serial_length == 0);
    free(text);
}

// More than fits into its buffers, to a device that fails during the wait.
static void test_a_device_that_breaks_while_writing(void (*how)(void)) {
    static char text[20000];
    memset(text, 'x', sizeof(text));
    begin(0);
    while_asleep = how;
    platform_console_write(text, sizeof(text));
    CHECK(serial_length == sizeof(text) - VIRTIO_CONSOLE_BUFFERS * VIRTIO_CONSOLE_BUFFER_SIZE);
    platform_console_write("later", 5);
    CHECK(memcmp(serial_text + serial_length - 5, "later", 5) == 0);
    console_drain();
    CHECK(!console_has_work());
}

static void test_a_device_that_breaks_at_the_end(void (*how)(void)) {
    begin(0);
    platform_console_write("text", 4);
    while_asleep = how;
    console_drain();
    CHECK(sleeps == 1);
}

// The host accepts nothing: output that fits is buffered, no call waits, and room is reported.
static void test_an_offer_never_waits(void) {
    static char text[20000];
    const size_t fits = VIRTIO_CONSOLE_BUFFERS * VIRTIO_CONSOLE_BUFFER_SIZE;
    begin(0);
    CHECK(platform_console_offer(text, sizeof(text)) == fits && platform_console_offer(text, 1) == 0);
    CHECK(sleeps == 0 && !console_has_work());
    console_arm();
    take_one();
    CHECK(console_has_work() && !console_has_work()); // told once
    CHECK(platform_console_offer(text, sizeof(text)) == VIRTIO_CONSOLE_BUFFER_SIZE && sleeps == 0);
}

static void test_a_serial_port_that_takes_little(void) {
    begin(0);
    found = false;
    serial_takes = 3;
    uint64_t deadline = PLATFORM_FOREVER;
    console_look(&deadline);
    CHECK(deadline == PLATFORM_FOREVER);
    CHECK(platform_console_offer("text", 4) == 3);
    console_look(&deadline);
    CHECK(deadline > now && deadline <= now + SERIAL_LOOK_NS); // nothing else will tell
    platform_console_write("a longer text", 13);
    CHECK(serial_length == 16 && sleeps == 0);
}

// Where output may be dropped the machine ends without a reader.
static void test_timeout(void) {
    static char text[20000];
    begin(0);
    timeout = 1000000000;
    platform_console_write(text, sizeof(text));
    CHECK(now >= timeout && now < 2 * timeout);
    console_drain();
    CHECK(now < 3 * timeout);
    serial_takes = 0;
    found = false;
    platform_console_write("text", 4);
    CHECK(now < 4 * timeout && serial_length == 0);
}

static void test_input(void) {
    char buffer[100];
    begin(0);
    CHECK(platform_console_read(buffer, 100) == 0 && !console_has_work());
    fake_deliver(0, "abcdef", 6);
    CHECK(console_has_work() && !console_has_work()); // told once
    CHECK(platform_console_read(buffer, 2) == 2 && memcmp(buffer, "ab", 2) == 0);
    CHECK(platform_console_read(buffer, 100) == 4 && memcmp(buffer, "cdef", 4) == 0);
    for (unsigned i = 0; i < 1000; i++) {
        fake_deliver(0, &i, sizeof(i));
        CHECK(platform_console_read(buffer, 100) == 4 && memcmp(buffer, &i, 4) == 0);
    }
    fake_push(0, 0, VIRTIO_CONSOLE_BUFFER_SIZE + 1);
    CHECK(platform_console_read(buffer, 100) == 0);
}

int main(void) {
    test_a_port_is_found();
    test_a_megabyte_through_a_slow_device();
    test_a_device_that_breaks_while_writing(break_output);
    test_a_device_that_breaks_while_writing(lose_count);
    test_a_device_that_breaks_at_the_end(break_output);
    test_a_device_that_breaks_at_the_end(lose_count);
    test_an_offer_never_waits();
    test_a_serial_port_that_takes_little();
    test_timeout();
    test_input();
    free(devices_memory(NULL, 4096));
    return 0;
}
