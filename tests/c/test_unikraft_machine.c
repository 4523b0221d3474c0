// test_unikraft_machine.c - port/platform/unikraft's start, console, clocks, waiting, faults and end, on a fake of
// Unikraft. Compiled twice: with the names of 0.17, and with those of 0.21.

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "check.h"
#include "fake_alloc.h"
#include "fake_netdev.h"
#include "arch/x86_64/cpu.h"

static void fake_out8_string(uint16_t port, const void *bytes, size_t count);
static void fake_out16(uint16_t port, uint16_t value);
static uint8_t fake_in8(uint16_t port);

#define x86_out8_string fake_out8_string
#define x86_out16 fake_out16
#define x86_in8 fake_in8
#define main unikraft_main
#include "platform/unikraft/fault.c"
#include "platform/unikraft/machine.c"
#include "platform/unikraft/start.c"
#undef main

#define MIB ((uintptr_t)1 << 20)
#define HANDLE 1

static struct fake_netdev *const device = &fake_netdevs[0];
static struct net_info info;

// What the build writes into an image.
struct {
    struct manifest header;
    struct manifest_entry entries[4];
} manifest __asm__("solo5_manifest") = {
    {MANIFEST_VERSION, 2}, {{.type = MANIFEST_RESERVED}, {.name = "service", .type = MANIFEST_NET}}};

// The machine ---------------------------------------------------------------------------------------------------------

static struct {
    char console[4096], status[64];
    size_t console_length, status_length;
    long console_takes;  // at most, or what it says instead
    unsigned port_busy;  // so often its status says no
    uint64_t now, ticks; // nanoseconds; how many pass while the clock is read
    bool irq_off;
    unsigned halts;
    uint64_t halted_until;
    uint64_t wakes_after; // of a halt, when not at its deadline: nanoseconds
    void (*before_halt)(void);
    void (*off)(void); // what is looked at when the power is switched off
    bool is_other;     // than QEMU
} machine;

static void begin(unsigned devices) {
    memset(&machine, 0, sizeof(machine));
    machine.console_takes = LONG_MAX;
    machine.now = 1000000;
    machine.irq_off = true;
    fake_netdev_begin(devices);
    memset(&fake_alloc, 0, sizeof(fake_alloc));
}

static uint64_t timeout = PLATFORM_FOREVER;

uint64_t runtime_console_timeout(void) {
    return timeout;
}

static uint8_t fake_in8(uint16_t port) {
    CHECK(port == PORT_SERIAL_STATUS);
    if (machine.port_busy > 0) {
        machine.port_busy--;
        return 0;
    }
    return SERIAL_TRANSMIT_EMPTY;
}

static long console_out(const char *text, size_t length) {
    if (machine.console_takes <= 0) {
        return machine.console_takes;
    }
    size_t taken = (size_t)machine.console_takes < length ? (size_t)machine.console_takes : length;
    CHECK(machine.console_length + taken <= sizeof(machine.console));
    memcpy(machine.console + machine.console_length, text, taken);
    machine.console_length += taken;
    return (long)taken;
}

static void fake_out8_string(uint16_t port, const void *bytes, size_t count) {
    CHECK(port == 0xe9 && count < sizeof(machine.status) - machine.status_length);
    memcpy(machine.status + machine.status_length, bytes, count);
    machine.status_length += count;
}

__nsec ukplat_monotonic_clock(void) {
    return machine.now += machine.ticks;
}

static void disable_irq(void) {
    machine.irq_off = true;
}

// Wakes at the deadline, or by a device that has something and is allowed to say so.
static void halt_irq_until(__nsec deadline) {
    CHECK(machine.irq_off && deadline > machine.now);
    machine.halts++;
    machine.halted_until = deadline;
    if (machine.before_halt != NULL) {
        machine.before_halt();
    }
    for (unsigned i = 0; i < fake_netdev_count; i++) {
        if (fake_netdevs[i].state == FAKE_STARTED && fake_netdev_waits(&fake_netdevs[i])) {
            CHECK(fake_netdevs[i].interrupt_on); // else it would sleep beside a frame
            fake_netdevs[i].interrupt_on = false;
            fake_netdevs[i].receive.callback(uk_netdev_get(i), 0, NULL);
            machine.now++;
            return;
        }
    }
    machine.now = machine.wakes_after > 0 ? machine.now + machine.wakes_after : deadline;
}

// QEMU's way to end. The other is for machines that do not know it.
static void fake_out16(uint16_t port, uint16_t value) {
    CHECK(port == 0x604 && value == 0x2000 && machine.off != NULL);
    machine.off();
    if (!machine.is_other) {
        exit(0);
    }
    machine.ticks = 1000000;
}

static _Noreturn void off_otherwise(void) {
    CHECK(machine.is_other && machine.now > 1000000000);
    exit(0);
}

#if __has_include(<uk/lcpu.h>)
long uk_console_out(const char *text, size_t length) {
    return console_out(text, length);
}

void uk_lcpu_disable_irq(void) {
    disable_irq();
}

void uk_lcpu_halt_irq_until(__nsec deadline) {
    halt_irq_until(deadline);
}

_Noreturn void uk_pm_syshalt(void) {
    off_otherwise();
}
#else
int ukplat_coutk(const char *text, unsigned int length) {
    return (int)console_out(text, length);
}

void ukplat_lcpu_disable_irq(void) {
    disable_irq();
}

void ukplat_lcpu_halt_irq_until(__nsec deadline) {
    halt_irq_until(deadline);
}

_Noreturn void ukplat_terminate(enum ukplat_gstate request) {
    CHECK(request == UKPLAT_HALT);
    off_otherwise();
}
#endif

uint64_t x86_wall(void) {
    return 1700000000000000000;
}

static bool console_is(const char *text) {
    return machine.console_length == strlen(text) && memcmp(machine.console, text, machine.console_length) == 0;
}

static bool status_is(const char *text) {
    return machine.status_length == strlen(text) && memcmp(machine.status, text, machine.status_length) == 0;
}

// Console and clocks --------------------------------------------------------------------------------------------------

static void test_a_console_that_takes_little(void) {
    begin(0);
    machine.console_takes = 3;
    platform_console_write("a line that is longer\n", 22);
    CHECK(console_is("a line that is longer\n"));
}

static void test_a_console_that_is_not_read(void) {
    begin(0);
    machine.port_busy = 1000;
    CHECK(platform_console_offer("text", 4) == 0 && console_is(""));
    machine.port_busy = 3;
    platform_console_write("text", 4);
    CHECK(console_is("text"));
    begin(0);
    machine.ticks = 1000000;
    machine.port_busy = UINT_MAX;
    timeout = 1000000000;
    platform_console_write("lost", 4);
    CHECK(console_is("") && machine.now < 3000000000);
    timeout = PLATFORM_FOREVER;
}

static void test_a_console_that_takes_nothing(void) {
    begin(0);
    machine.console_takes = 0;
    platform_console_write("lost", 4);
    machine.console_takes = -EIO;
    platform_console_write("lost", 4);
    CHECK(console_is(""));
}

static void test_clocks(void) {
    begin(0);
    machine.ticks = 7;
    uint64_t before = platform_clock_monotonic();
    CHECK(platform_clock_monotonic() == before + 7 && platform_clock_wall() == x86_wall());
}

static void test_no_input(void) {
    char text[4];
    CHECK(platform_console_read(text, sizeof(text)) == 0);
}

// Waiting -------------------------------------------------------------------------------------------------------------

static void open_network(void) {
    struct arguments_address address;
    CHECK(nets_init(&manifest.header, &address) && platform_net_open(HANDLE, &info) == 0);
}

static void test_a_deadline_that_has_passed(void) {
    begin(1);
    open_network();
    platform_poll(machine.now);
    platform_poll(0);
    CHECK(machine.halts == 0 && !device->interrupt_on);
}

static void test_waiting_until_the_deadline(void) {
    begin(1);
    open_network();
    machine.ticks = 5;
    platform_poll(machine.now + 1000000);
    CHECK(machine.halts == 1 && machine.halted_until == 2000000 && !device->interrupt_on);
    platform_poll(PLATFORM_FOREVER);
    CHECK(machine.halts == 2 && machine.halted_until < machine.now + 61000000000);
}

static void deliver(void) {
    static const uint8_t bytes[60];
    fake_netdev_deliver(device, bytes, sizeof(bytes), 0);
}

static void test_a_frame_that_waits_already(void) {
    begin(1);
    open_network();
    deliver();
    platform_poll(PLATFORM_FOREVER);
    CHECK(machine.halts == 0 && !device->interrupt_on);
}

// After the device was looked at, before the processor sleeps: the interrupt is held back until it does.
static void test_a_frame_in_between(void) {
    begin(1);
    open_network();
    machine.before_halt = deliver;
    uint64_t before = machine.now;
    platform_poll(PLATFORM_FOREVER);
    CHECK(machine.halts == 1 && machine.now < before + 1000 && !device->interrupt_on);
    struct net_rx rx;
    uint8_t frame[1514];
    CHECK(platform_net_read(HANDLE, frame, sizeof(frame), &rx) == 60);
}

static void test_a_ring_that_is_full(void) {
    begin(1);
    open_network();
    static const uint8_t bytes[60];
    static const struct net_tx plain;
    while (platform_net_write(HANDLE, bytes, sizeof(bytes), &plain) == 1) {
    }
    uint64_t before = machine.now;
    platform_poll(PLATFORM_FOREVER);
    CHECK(machine.halted_until <= before + 50000);
    before = machine.now;
    platform_poll(before + 1000000); // no frame was sent since
    CHECK(machine.halted_until == before + 1000000);
}

// The end -------------------------------------------------------------------------------------------------------------

static void check_end_after_a_while(void) {
    CHECK(status_is("exit 7\n") && machine.now >= 3000000 && machine.halts > 3);
}

static void test_what_was_sent_may_leave(void) {
    begin(1);
    open_network();
    static const uint8_t bytes[60];
    static const struct net_tx plain;
    CHECK(platform_net_write(HANDLE, bytes, sizeof(bytes), &plain) == 1);
    machine.wakes_after = 500000; // for other reasons
    machine.off = check_end_after_a_while;
    platform_exit(7);
}

static void check_end_at_once(void) {
    CHECK(status_is("exit 255\n") && machine.halts == 0);
}

static void test_nothing_was_sent(void) {
    begin(1);
    open_network();
    machine.off = check_end_at_once;
    platform_exit(-1);
}

static void test_panic_waits_for_nothing(void) {
    begin(1);
    open_network();
    static const uint8_t bytes[60];
    static const struct net_tx plain;
    CHECK(platform_net_write(HANDLE, bytes, sizeof(bytes), &plain) == 1);
    machine.off = check_end_at_once;
    platform_panic(255);
}

static void test_the_end_of_another_machine(void) {
    begin(0);
    machine.is_other = true;
    machine.off = check_end_at_once;
    platform_panic(255);
}

// Start ---------------------------------------------------------------------------------------------------------------

static const char *wanted_arguments;

_Noreturn void runtime_main(const struct boot *given) {
    char here;
    CHECK(&here > x86_start_stack && &here < x86_start_stack + START_STACK);
    CHECK(given->stack == x86_start_stack && given->stack_top == x86_start_stack + START_STACK);
    CHECK(strcmp(given->arguments, wanted_arguments) == 0 && given->manifest == &manifest.header);
    CHECK(given->memory == 16 * MIB && given->memory_end == 32 * MIB);
    CHECK(machine.irq_off && device->state == FAKE_STARTED);
    _exit(0); // the sanitizer knows nothing of this stack
}

static void test_start(void) {
    begin(1);
    machine.irq_off = false;
    fake_alloc_add(16 * MIB, 16 * MIB / PLATFORM_PAGE);
    device->cidr = "10.0.0.2/24";
    device->gateway = "10.0.0.1";
    wanted_arguments = "--ipv4=10.0.0.2/24 --ipv4-gateway=10.0.0.1 server";
    unikraft_main(3, (char *[]) {"kernel", "--", "server", NULL});
}

static void check_words_too_long(void) {
    CHECK(console_is("the image arguments are longer than 4095 bytes\n") && status_is("exit 1\n"));
}

static void test_arguments_that_are_too_long(void) {
    begin(1);
    fake_alloc_add(16 * MIB, 16 * MIB / PLATFORM_PAGE);
    static char word[4097];
    memset(word, 'x', sizeof(word) - 1);
    machine.off = check_words_too_long;
    unikraft_main(2, (char *[]) {"kernel", word, NULL});
}

static void check_too_many(void) {
    CHECK(strstr(machine.console, "CONFIG_APPPYMNET_NETS\n") != NULL && status_is("exit 1\n"));
}

static void test_more_networks_than_were_configured(void) {
    begin(1);
    manifest.header.entries = 4;
    manifest.entries[2] = manifest.entries[3] = manifest.entries[1];
    machine.off = check_too_many;
    unikraft_main(1, (char *[]) {"kernel", NULL});
}

static void test_no_blocks_and_no_guards(void) {
    struct block_info block;
    uintptr_t start = MIB, end = 2 * MIB;
    CHECK(platform_block_open(0, &block) == -EOPNOTSUPP);
    CHECK(platform_block_read(0, 0, &block, 0) == -EIO && platform_block_write(0, 0, &block, 0) == -EIO);
    CHECK(!platform_pages_absent(&start, &end) && start == MIB && end == 2 * MIB);
}

static void test_entropy(void) {
    uint8_t bytes[16] = {0}, others[16] = {0};
    size_t count = platform_entropy(bytes, sizeof(bytes));
    CHECK(count == 0 || count == sizeof(bytes)); // none on a processor without the instructions
    CHECK(count == 0 || (platform_entropy(others, sizeof(others)) == 16 && memcmp(bytes, others, 16) != 0));
}

// Faults --------------------------------------------------------------------------------------------------------------

static struct x86_frame wanted;

_Noreturn void x86_report_exception(const struct x86_frame *frame) {
    CHECK(memcmp(frame, &wanted, sizeof(wanted)) == 0);
    exit(0);
}

static void test_a_fault(void) {
    wanted = (struct x86_frame) {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 14, 2, 19, 20, 21, 22, 23};
#if __has_include(<uk/lcpu.h>)
    struct uk_lcpu_regs registers = {16, 15, 14, 13, 8, 3, 12, 11, 10, 9, 2, 4, 5, 6, 7, 19, 20, 21, 22, 23};
    struct uk_lcpu_except_err_ctx trap = {14, 2, 1, &registers};
    fake_handler_unhandled_0(&trap);
#else
    struct __regs registers = {16, 15, 14, 13, 8, 3, 12, 11, 10, 9, 2, 4, 5, 6, 7, 19, 20, 21, 22, 23};
    struct ukarch_trap_ctx trap = {&registers, 14, 2, 1};
    int (*const others[])(void *) = {fake_handler_trap_invalid_op_0, fake_handler_trap_debug_0,
        fake_handler_trap_bus_error_0, fake_handler_trap_math_0, fake_handler_trap_security_0,
        fake_handler_trap_gp_fault_0};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        CHECK(others[i] == fake_handler_trap_page_fault_0);
    }
    fake_handler_trap_page_fault_0(&trap);
#endif
    CHECK(false); // it does not return
}

int main(void) {
    static void (*const tests[])(void) = {
        test_a_console_that_takes_little,
        test_a_console_that_is_not_read,
        test_a_console_that_takes_nothing,
        test_clocks,
        test_no_input,
        test_a_deadline_that_has_passed,
        test_waiting_until_the_deadline,
        test_a_frame_that_waits_already,
        test_a_frame_in_between,
        test_a_ring_that_is_full,
        test_what_was_sent_may_leave,
        test_nothing_was_sent,
        test_panic_waits_for_nothing,
        test_the_end_of_another_machine,
        test_start,
        test_arguments_that_are_too_long,
        test_more_networks_than_were_configured,
        test_no_blocks_and_no_guards,
        test_entropy,
        test_a_fault,
    };
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        check_apart(tests[i]);
    }
    return 0;
}
