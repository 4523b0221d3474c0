// test_output.c - port/console.c: what tasks write arrives in order and complete, or is counted, with a reader or without.

#include <stdio.h>
#include <string.h>

#include "check.h"

#include "console.c"

static char arrived[1 << 22];
static size_t arrived_length;
static size_t host_takes; // bytes, until the test raises it
static bool alone, can_wait;
static unsigned waits, wakes;
static void (*while_waiting)(void);
static uint64_t now;

size_t platform_console_offer(const char *text, size_t length) {
    size_t part = length < host_takes ? length : host_takes;
    memcpy(arrived + arrived_length, text, part);
    arrived_length += part;
    host_takes -= part;
    return part;
}

void platform_console_write(const char *text, size_t length) {
    host_takes = SIZE_MAX;
    CHECK(platform_console_offer(text, length) == length);
    host_takes = 0;
}

size_t platform_console_read(char *buffer, size_t size) {
    (void)buffer;
    (void)size;
    return 0;
}

uint64_t platform_clock_monotonic(void) {
    return now;
}

bool fiber_is_alone(void) {
    return alone;
}

bool fiber_can_wait(void) {
    return can_wait;
}

void fiber_wait(struct fiber_queue *queue, intptr_t deadline) {
    CHECK(queue == &writers && deadline > 0 && ++waits < 1000000);
    while_waiting();
}

void fiber_wake_queue(struct fiber_queue *queue) {
    CHECK(queue == &writers);
    wakes++;
}

static void read_some(void) {
    host_takes += random_below(3000);
    console_flush();
}

static void begin(bool drop) {
    output_start = output_end = arrived_length = host_takes = 0;
    last = '\n';
    line_begins = true;
    dropping = finished = false;
    dropped = 0;
    alone = false;
    can_wait = true;
    waits = wakes = 0;
    now = waits_until = 0;
    while_waiting = read_some;
    console_init(drop);
}

// Line n, as long as n says.
static size_t line(char *text, unsigned n) {
    size_t length = (size_t)sprintf(text, "line %u ", n), dots = n * 7 % 200;
    memset(text + length, '.', dots);
    text[length + dots] = '\n';
    return length + dots + 1;
}

// In pieces, as print() writes it.
static void write_line(unsigned n, void (*write)(const char *, size_t)) {
    char text[512];
    size_t length = line(text, n), first = random_below(length + 1);
    write(text, first);
    write(text + first, length - first);
}

static void test_a_writer_waits_and_loses_nothing(void) {
    static char expected[1 << 20];
    size_t length = 0;
    begin(false);
    for (unsigned n = 0; n < 5000; n++) {
        length += line(expected + length, n);
        write_line(n, console_write);
        CHECK(collected() <= SIZE);
    }
    CHECK(waits > 100);
    console_finish();
    CHECK(arrived_length == length && memcmp(arrived, expected, length) == 0);
}

static void test_a_line_longer_than_the_buffer(void) {
    static char text[100000];
    memset(text, 'x', sizeof(text));
    begin(false);
    console_write(text, sizeof(text));
    console_write("\nend\n", 5);
    console_finish();
    CHECK(arrived_length == sizeof(text) + 5 && memcmp(arrived, text, sizeof(text)) == 0);
    CHECK(memcmp(arrived + sizeof(text), "\nend\n", 5) == 0);
}

// Every byte arrives or is in one of the counts, and lines are whole.
static void check_counts(size_t written) {
    size_t text = 0, counted = 0;
    arrived[arrived_length] = '\0';
    for (char *at = arrived; *at != '\0'; at = strchr(at, '\n') + 1) {
        unsigned long bytes;
        if (sscanf(at, "[console: %lu bytes dropped]", &bytes) == 1) {
            counted += bytes;
        } else {
            CHECK(strncmp(at, "line ", 5) == 0);
            text += (size_t)(strchr(at, '\n') + 1 - at);
        }
    }
    CHECK(counted > 0 && text + counted == written);
}

static void test_what_does_not_fit_is_counted(bool by_option) {
    char text[512];
    size_t written = 0;
    begin(by_option);
    while_waiting = NULL;
    for (unsigned n = 0; n < 5000; n++) {
        written += line(text, n);
        write_line(n, by_option ? console_write : console_log);
        host_takes += random_below(100);
        CHECK(collected() <= SIZE);
    }
    CHECK(waits == 0);
    console_finish();
    check_counts(written);
}

// A line that is longer than there is room for is cut, and the count begins a line of its own.
static void test_a_line_that_is_cut(void) {
    static char text[20000];
    memset(text, 'x', sizeof(text));
    begin(true);
    console_write(text, sizeof(text));
    console_finish();
    arrived[arrived_length] = '\0';
    CHECK(strcmp(arrived + SIZE, "\n[console: 3616 bytes dropped]\n") == 0);
}

static void nobody_reads(void) {
    now += RETRY_US * 1000;
}

// The traceback of a program that has dropped output is waited for, but only for a limited time.
static void test_last_words_wait(void) {
    char text[512];
    size_t length = line(text, 77777);
    begin(true);
    for (unsigned n = 0; dropped == 0; n++) {
        write_line(n, console_write);
    }
    console_last_words();
    console_write(text, length);
    CHECK(waits > 0);
    console_finish();
    CHECK(memcmp(arrived + arrived_length - length, text, length) == 0);
    begin(true);
    while_waiting = nobody_reads;
    for (unsigned n = 0; dropped == 0; n++) {
        write_line(n, console_write);
    }
    console_last_words();
    write_line(77777, console_write);
    CHECK(now >= DROP_TIMEOUT_NS && now < 2 * DROP_TIMEOUT_NS);
}

static void test_the_count_comes_without_another_line(void) {
    begin(true);
    for (unsigned n = 0; dropped == 0; n++) {
        write_line(n, console_write);
    }
    host_takes = SIZE_MAX;
    console_flush();
    arrived[arrived_length] = '\0';
    CHECK(strstr(arrived, " bytes dropped]\n") != NULL && dropped == 0);
}

// The loop of the scheduler says something while tasks wait: there is room for that.
static void test_logs_find_room_beside_writers(void) {
    begin(false);
    while_waiting = NULL;
    for (unsigned n = 0; collected() < LIMIT; n++) {
        write_line(n, console_write);
    }
    can_wait = false;
    console_log("the link is down\n", 17);
    CHECK(dropped == 0);
    console_finish();
    CHECK(memcmp(arrived + arrived_length - 17, "the link is down\n", 17) == 0);
}

static void test_alone_the_machine_waits(void) {
    char text[512];
    begin(false);
    alone = true;
    can_wait = false;
    for (unsigned n = 0; n < 2000; n++) {
        write_line(n, console_write);
    }
    console_finish();
    arrived[arrived_length] = '\0';
    CHECK(waits == 0 && strstr(arrived, "dropped") == NULL);
    size_t length = line(text, 1999);
    CHECK(memcmp(arrived + arrived_length - length, text, length) == 0);
}

static void test_after_the_end_of_tasks_nothing_is_dropped(void) {
    begin(false);
    console_finish();
    can_wait = false;
    for (unsigned n = 0; n < 2000; n++) {
        write_line(n, console_write);
    }
    console_finish();
    arrived[arrived_length] = '\0';
    CHECK(strstr(arrived, "dropped") == NULL && strstr(arrived, "line 1999 ") != NULL);
}

static void test_what_is_unwritten_can_be_had(void) {
    begin(false);
    const char *text;
    console_write("half a line", 11);
    CHECK(runtime_unwritten(&text) == 11 && memcmp(text, "half a line", 11) == 0);
    host_takes = 4;
    console_flush();
    CHECK(runtime_unwritten(&text) == 7 && memcmp(text, " a line", 7) == 0);
}

static void test_timeout(void) {
    begin(false);
    CHECK(runtime_console_timeout() == PLATFORM_FOREVER);
    begin(true);
    CHECK(runtime_console_timeout() < 2000000000);
}

int main(void) {
    test_a_writer_waits_and_loses_nothing();
    test_a_line_longer_than_the_buffer();
    test_what_does_not_fit_is_counted(true);
    test_what_does_not_fit_is_counted(false);
    test_a_line_that_is_cut();
    test_last_words_wait();
    test_the_count_comes_without_another_line();
    test_logs_find_room_beside_writers();
    test_alone_the_machine_waits();
    test_after_the_end_of_tasks_nothing_is_dropped();
    test_what_is_unwritten_can_be_had();
    test_timeout();
    return 0;
}
