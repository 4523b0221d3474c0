// console.c - see console.h.

#include <string.h>

#include "console.h"
#include "fiber/fiber.h"
#include "platform.h"
#include "text.h"

#define SIZE ((size_t)16384)
#define BATCH ((size_t)1024)

// Collected output below this leaves room for a new line, so that another task never splits a line, and lines
// of the scheduler's loop fit while tasks wait.
#define LIMIT (SIZE / 2)
#define LIMIT_OF_LOGS (SIZE / 4 * 3)
#define LIMIT_AFTER_GAP (SIZE / 4)

// Waiters retry after this if nothing has woken them: the loop may have no time to sleep.
#define RETRY_US 20000

#define DROP_TIMEOUT_NS UINT64_C(1000000000)

static char output[SIZE];
static size_t output_start, output_end;
static char last = '\n';        // last character collected
static bool line_begins = true; // writers are at the start of a line
static bool dropping;           // drop the rest of the current line
static uint64_t dropped;        // bytes, not reported yet
static bool drops, finished;
static uint64_t waits_until; // the deadline, while output is dropped
static struct fiber_queue writers;

static char input[256];
static size_t input_start, input_end;

void console_init(bool drop) {
    drops = drop;
}

// The buffer ------------------------------------------------------------------------------------------------------------

static size_t collected(void) {
    return output_end - output_start;
}

static size_t take_all(const char **text) {
    // Empty the buffer first: a fault inside the platform's write must not write it twice
    // (runtime_unwritten()).
    size_t length = collected();
    *text = output + output_start;
    output_start = output_end;
    return length;
}

// Collects what fits. Returns how much.
static size_t collect(const char *text, size_t length) {
    if (length > SIZE - output_end) {
        memmove(output, output + output_start, collected());
        output_end -= output_start;
        output_start = 0;
    }
    size_t part = length < SIZE - output_end ? length : SIZE - output_end;
    memcpy(output + output_end, text, part);
    output_end += part;
    last = part > 0 ? text[part - 1] : last;
    return part;
}

static void tell_dropped(void) {
    if (dropped > 0) {
        struct text line = {.length = 0};
        text_add(&line, last == '\n' ? "[console: " : "\n[console: ");
        text_add_decimal(&line, dropped);
        text_add(&line, " bytes dropped]\n");
        dropped = 0;
        collect(line.bytes, line.length);
    }
}

static void offer(void) {
    const char *text;
    size_t length = take_all(&text);
    if (length > 0) {
        size_t start = output_start - length;
        output_start = start + platform_console_offer(text, length);
    }
    if (output_start == output_end) {
        output_start = output_end = 0;
    }
}

void console_flush(void) {
    offer();
    if (dropped > 0 && collected() < LIMIT_AFTER_GAP) {
        tell_dropped();
        offer();
    }
    if (collected() <= LIMIT / 2) {
        fiber_wake_queue(&writers);
    }
}

// Blocks the machine: no other fiber may run.
static void write_out(void) {
    const char *text;
    size_t length = take_all(&text);
    platform_console_write(text, length);
    output_start = output_end = 0;
}

// Suspends the running fiber until the host may accept output. Returns false if it must not wait.
static bool wait_for_host(void) {
    if (finished || fiber_is_alone()) {
        write_out();
        return true;
    }
    uint64_t now = platform_clock_monotonic();
    if (!fiber_can_wait() || (drops && now >= waits_until)) {
        return false;
    }
    fiber_wait(&writers, (intptr_t)(now / 1000) + RETRY_US);
    return true;
}

static bool await_less_than(size_t limit, bool may_wait) {
    while (collected() >= limit) {
        console_flush();
        if (collected() >= limit && !(may_wait && wait_for_host())) {
            return false;
        }
    }
    return true;
}

// Collecting ----------------------------------------------------------------------------------------------------------

static bool begin_line(bool may_wait) {
    bool can_wait = may_wait && (finished || fiber_is_alone() || fiber_can_wait());
    if (!await_less_than(dropped > 0 ? LIMIT_AFTER_GAP : can_wait ? LIMIT : LIMIT_OF_LOGS, may_wait)) {
        return false;
    }
    tell_dropped();
    return true;
}

// Collects a part of one line.
static void put(const char *text, size_t length, bool may_wait) {
    if (line_begins) {
        dropping = !begin_line(may_wait);
    }
    line_begins = text[length - 1] == '\n';
    while (length > 0 && !dropping) {
        size_t part = collect(text, length);
        text += part;
        length -= part;
        dropping = length > 0 && !await_less_than(SIZE, may_wait);
    }
    dropped += length;
    if (line_begins || collected() >= BATCH) {
        console_flush();
    }
}

static void put_lines(const char *text, size_t length, bool may_wait) {
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t part = end != NULL ? (size_t)(end - text) + 1 : length;
        put(text, part, may_wait);
        text += part;
        length -= part;
    }
}

void console_write(const char *text, size_t length) {
    put_lines(text, length, !drops || platform_clock_monotonic() < waits_until);
}

void console_log(const char *text, size_t length) {
    put_lines(text, length, false);
}

// The end -------------------------------------------------------------------------------------------------------------

void console_last_words(void) {
    waits_until = platform_clock_monotonic() + DROP_TIMEOUT_NS;
}

void console_finish(void) {
    finished = true;
    write_out();
    tell_dropped();
    write_out();
}

uint64_t runtime_console_timeout(void) {
    return drops ? DROP_TIMEOUT_NS : PLATFORM_FOREVER;
}

size_t runtime_unwritten(const char **text) {
    *text = output + output_start;
    return collected();
}

// Input ---------------------------------------------------------------------------------------------------------------

bool console_readable(void) {
    if (input_start == input_end) {
        input_start = 0;
        input_end = platform_console_read(input, sizeof(input));
    }
    return input_start < input_end;
}

size_t console_read(char *buffer, size_t size) {
    size_t length = 0;
    while (length < size && console_readable()) {
        buffer[length++] = input[input_start++];
    }
    return length;
}
