// test_wire.c - port/wire under the sanitizers: buffers are exactly as long as they say, so that one byte too many is
// seen. That it gives the answers of stack/mnet/wire/pure.py is tested in Python (tests/unit), on arbitrary bytes too.

#include <setjmp.h>
#include <string.h>

#include "check.h"
#include "wire/modwire.c"
#include "wire/segment.c"
#include "wire/transmit.c"

// What the wire primitives need of the interpreter ----------------------------------------------------------------------

typedef struct {
    mp_obj_base_t base;
    uint8_t *bytes;
    size_t length;
} buffer_t;

const mp_obj_type_t mp_type_type, mp_type_module, mp_type_fun_builtin_1, mp_type_fun_builtin_2, mp_type_fun_builtin_3,
    mp_type_fun_builtin_var, mp_type_dict, mp_type_str;

static jmp_buf on_error;

void mp_raise_ValueError(mp_rom_error_text_t text) {
    (void)text;
    longjmp(on_error, 1);
}

bool mp_get_buffer(mp_obj_t object, mp_buffer_info_t *info, mp_uint_t flags) {
    (void)flags;
    buffer_t *buffer = MP_OBJ_TO_PTR(object);
    info->buf = buffer->bytes;
    info->len = buffer->length;
    return true;
}

mp_int_t mp_obj_get_int(mp_const_obj_t object) {
    return MP_OBJ_SMALL_INT_VALUE(object);
}

bool mp_obj_is_true(mp_obj_t object) {
    return MP_OBJ_SMALL_INT_VALUE(object) != 0;
}

mp_obj_t mp_obj_cast_to_native_base(mp_obj_t object, mp_const_obj_t type) {
    (void)object;
    (void)type;
    return MP_OBJ_NULL;
}

mp_obj_t mp_obj_new_int_from_uint(mp_uint_t value) {
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)value);
}

void mp_arg_check_num_sig(size_t count, size_t keywords, uint32_t signature) {
    (void)count;
    (void)keywords;
    (void)signature;
}

mp_obj_t mp_obj_new_int_from_ull(unsigned long long value) {
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)value);
}

// A device whose write() answers `room`, and a hook: what they were called with.
static struct {
    bool room;
    unsigned writes, hooks;
    size_t count;
    mp_obj_t arguments[8];
} device;

void mp_load_method(mp_obj_t base, qstr attribute, mp_obj_t *destination) {
    (void)attribute;
    destination[0] = base;
    destination[1] = MP_OBJ_NULL;
}

mp_obj_t mp_call_method_n_kw(size_t count, size_t keywords, const mp_obj_t *arguments) {
    (void)keywords;
    device.writes += 1;
    device.count = count;
    memcpy(device.arguments, arguments + 2, count * sizeof *arguments);
    return MP_OBJ_NEW_SMALL_INT(device.room);
}

mp_obj_t mp_call_function_n_kw(mp_obj_t function, size_t count, size_t keywords, const mp_obj_t *arguments) {
    (void)function;
    (void)keywords;
    device.hooks += 1;
    device.count = count;
    memcpy(device.arguments, arguments, count * sizeof *arguments);
    return mp_const_none;
}

void *mp_obj_malloc_helper(size_t size, const mp_obj_type_t *type) {
    mp_obj_base_t *object = malloc(size);
    object->type = type;
    return object;
}

// Calling them ----------------------------------------------------------------------------------------------------------

static buffer_t *new_buffer(size_t length) {
    buffer_t *buffer = calloc(1, sizeof(*buffer));
    buffer->bytes = malloc(length);
    buffer->length = length;
    random_fill(buffer->bytes, length);
    return buffer;
}

static void free_buffer(buffer_t *buffer) {
    free(buffer->bytes);
    free(buffer);
}

static mp_obj_t number(mp_int_t value) {
    return MP_OBJ_NEW_SMALL_INT(value);
}

// The value, or `raised` for ValueError.
static const mp_int_t raised = -1000;

static mp_int_t call(const mp_obj_fun_builtin_var_t *function, size_t count, const mp_obj_t *arguments) {
    if (setjmp(on_error) != 0) {
        return raised;
    }
    mp_obj_t result = function->fun.var(count, arguments);
    return mp_obj_is_small_int(result) ? MP_OBJ_SMALL_INT_VALUE(result) : 0;
}

// Numbers about the edges of a buffer, and far outside.
static mp_int_t about(size_t length) {
    switch (random_below(8)) {
    case 0: return -1;
    case 1: return (mp_int_t)length;
    case 2: return (mp_int_t)length + 1;
    case 3: return (mp_int_t)(random_next() >> 2); // the widest small integers
    case 4: return -(mp_int_t)(random_next() >> 2);
    default: return (mp_int_t)random_below(length + 1);
    }
}

static bool inside(mp_int_t offset, mp_int_t count, size_t length) {
    return offset >= 0 && count >= 0 && (size_t)offset <= length && (size_t)count <= length - (size_t)offset;
}

// Numbers, copies, sums --------------------------------------------------------------------------------------------------

static mp_int_t call_2(const mp_obj_fun_builtin_fixed_t *function, mp_obj_t a, mp_obj_t b) {
    return setjmp(on_error) != 0 ? raised : MP_OBJ_SMALL_INT_VALUE(function->fun._2(a, b));
}

static bool call_3(const mp_obj_fun_builtin_fixed_t *function, mp_obj_t a, mp_obj_t b, mp_obj_t c) {
    return setjmp(on_error) == 0 && function->fun._3(a, b, c) == mp_const_none;
}

static void test_numbers(void) {
    for (unsigned turn = 0; turn < 20000; turn++) {
        buffer_t *buffer = new_buffer(random_below(12));
        mp_int_t at = about(buffer->length), value = (mp_int_t)(random_next() >> 2);
        bool fits2 = inside(at, 2, buffer->length), fits4 = inside(at, 4, buffer->length);
        const uint8_t *p = buffer->bytes + (fits2 ? at : 0);
        CHECK(call_2(&u16_obj, buffer, number(at)) == (fits2 ? p[0] << 8 | p[1] : raised));
        CHECK(call_2(&u32_obj, buffer, number(at))
            == (fits4 ? (mp_int_t)((uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]) : raised));
        CHECK(call_3(&put16_obj, buffer, number(at), number(value)) == fits2);
        CHECK(!fits2 || (p[0] << 8 | p[1]) == (value & 0xffff));
        CHECK(call_3(&put32_obj, buffer, number(at), number(value)) == fits4);
        CHECK(!fits4 || ((uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]) == (uint32_t)value);
        free_buffer(buffer);
    }
}

static void test_copies(void) {
    for (unsigned turn = 0; turn < 20000; turn++) {
        buffer_t *from = new_buffer(random_below(50)), *to = random_below(3) ? new_buffer(random_below(50)) : from;
        mp_int_t to_at = about(to->length), from_at = about(from->length), count = about(from->length);
        uint8_t expected[50];
        bool fits = inside(to_at, count, to->length) && inside(from_at, count, from->length);
        memcpy(expected, from->bytes + (fits ? from_at : 0), fits ? (size_t)count : 0);
        mp_obj_t arguments[] = {to, number(to_at), from, number(from_at), number(count)};
        CHECK(call(&copy_obj, 5, arguments) == (fits ? 0 : raised));
        CHECK(!fits || memcmp(to->bytes + to_at, expected, (size_t)count) == 0);
        free_buffer(from);
        if (to != from) {
            free_buffer(to);
        }
    }
}

// RFC 1071, section 1, as it is written there.
static uint32_t simple_sum(const uint8_t *bytes, size_t count, uint64_t sum) {
    for (size_t i = 0; i < count; i++) {
        sum += (uint64_t)bytes[i] << (i % 2 ? 0 : 8);
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint32_t)sum;
}

static void test_sums(void) {
    for (size_t length = 0; length < 3000; length += length < 200 ? 1 : 1 + random_below(100)) {
        for (unsigned turn = 0; turn < 10; turn++) {
            buffer_t *buffer = new_buffer(length + turn);
            uint32_t initial = (uint32_t)random_next() >> random_below(33) % 32;
            if (turn == 0) {
                memset(buffer->bytes, 0xff, length); // carries everywhere
            }
            mp_obj_t arguments[] = {buffer, number(turn), number((mp_int_t)length), number(initial)};
            CHECK(call(&sum16_obj, 4, arguments) == simple_sum(buffer->bytes + turn, length, initial));
            CHECK(call(&sum16_obj, 3, arguments) == simple_sum(buffer->bytes + turn, length, 0));
            arguments[2] = number((mp_int_t)length + 1);
            CHECK(call(&sum16_obj, 4, arguments) == raised);
            free_buffer(buffer);
        }
    }
}

// Rings -------------------------------------------------------------------------------------------------------------------

static void test_rings(void) {
    for (unsigned turn = 0; turn < 50000; turn++) {
        buffer_t *ring = new_buffer(random_below(40)), *flat = new_buffer(random_below(60));
        mp_int_t position = (mp_int_t)(random_next() >> (2 + random_below(60)));
        mp_int_t at = about(flat->length), count = about(ring->length);
        bool fits = inside(at, count, flat->length) && (size_t)count <= ring->length;
        uint8_t before[40];
        memcpy(before, ring->bytes, ring->length);
        mp_obj_t arguments[] = {ring, number(position), flat, number(at), number(count)};
        CHECK(call(&ring_put_obj, 5, arguments) == (fits ? 0 : raised));
        for (mp_int_t i = 0; fits && i < count; i++) {
            size_t place = (size_t)(position + i) % ring->length;
            CHECK(ring->bytes[place] == flat->bytes[at + i]);
            before[place] = flat->bytes[at + i];
        }
        CHECK(memcmp(ring->bytes, before, ring->length) == 0);
        CHECK(call(&ring_get_obj, 5, arguments) == (fits ? 0 : raised));
        free_buffer(ring);
        free_buffer(flat);
    }
}

// Segments -----------------------------------------------------------------------------------------------------------------

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

static segment_obj_t *new_segment(void) {
    buffer_t own = {.bytes = (uint8_t *)mac, .length = sizeof(mac)}, *secret = new_buffer(8 * KEYS);
    mp_obj_t arguments[] = {&own, secret};
    segment_obj_t *segment = segment_make_new(&wire_segment_type, 2, 0, arguments);
    free_buffer(secret);
    return segment;
}

// A plain TCP segment over IPv4 with both checksums right.
static buffer_t *new_frame(size_t options, size_t text) {
    buffer_t *frame = new_buffer(54 + options + text);
    uint8_t *p = frame->bytes;
    memcpy(p, mac, 6);
    set16(p + 12, 0x0800);
    p[14] = 0x45;
    p[15] &= 0xfe; // no router has marked it
    set16(p + 16, (uint32_t)(40 + options + text));
    set16(p + 20, 0x4000);
    p[23] = PROTOCOL_TCP;
    set16(p + 24, 0);
    set16(p + 24, ~simple_sum(p + 14, 20, 0));
    p[46] = (uint8_t)((20 + options) / 4 << 4);
    set16(p + 50, 0);
    uint32_t pseudo = simple_sum(p + 26, 8, 6 + 20 + options + text);
    set16(p + 50, ~simple_sum(p + 34, 20 + options + text, pseudo));
    return frame;
}

// The same over IPv6.
static buffer_t *new_frame6(size_t options, size_t text) {
    buffer_t *frame = new_buffer(74 + options + text);
    uint8_t *p = frame->bytes;
    memcpy(p, mac, 6);
    set16(p + 12, 0x86dd);
    p[14] = 0x60;
    p[15] &= 0xef; // no router has marked it
    set16(p + 18, (uint32_t)(20 + options + text));
    p[20] = PROTOCOL_TCP;
    p[66] = (uint8_t)((20 + options) / 4 << 4);
    set16(p + 70, 0);
    uint32_t pseudo = simple_sum(p + 22, 32, 6 + 20 + options + text);
    set16(p + 70, ~simple_sum(p + 54, 20 + options + text, pseudo));
    return frame;
}

// The key of a connection of the first interface, as mnet/wire/pure.py defines it.
static mp_int_t key4(const uint8_t *p) {
    uint32_t local = get32(p + 30);
    uint64_t folded = (local ^ local >> 7 ^ local >> 14 ^ local >> 21 ^ local >> 28) & 127;
    return (mp_int_t)((folded << 33 | get32(p + 26)) << 16 | get16(p + 34));
}

static mp_int_t parse(segment_obj_t *segment, buffer_t *frame, mp_int_t length) {
    mp_obj_t arguments[] = {segment, frame, number(length), number(1)};
    return call(&segment_parse_obj, 4, arguments);
}

static void test_right_segments(void) {
    segment_obj_t *segment = new_segment();
    for (unsigned turn = 0; turn < 3000; turn++) {
        size_t options = 4 * random_below(11), text = random_below(1461);
        buffer_t *frame = new_frame(options, text);
        const uint8_t *p = frame->bytes;
        mp_int_t expected = key4(p);
        CHECK(parse(segment, frame, (mp_int_t)frame->length) == expected);
        const segment_t *seg = &segment->seg;
        CHECK(seg->off == 54 + options && seg->len == text && seg->header == 34);
        CHECK(
            seg->seq == get32(p + 38) && seg->ack == get32(p + 42) && seg->flags == p[47] && seg->dst == get32(p + 30));
        CHECK(parse(segment, frame, (mp_int_t)frame->length + 1) == raised);
        frame->bytes[random_below(frame->length - 14) + 14] ^= (uint8_t)(1 << random_below(8));
        CHECK(parse(segment, frame, (mp_int_t)frame->length) == -1); // a single wrong bit
        free_buffer(frame);
    }
    free(segment);
}

static void test_right_segments6(void) {
    segment_obj_t *segment = new_segment();
    for (unsigned turn = 0; turn < 3000; turn++) {
        size_t options = 4 * random_below(11), text = random_below(1441);
        buffer_t *frame = new_frame6(options, text);
        const uint8_t *p = frame->bytes;
        mp_int_t remote = parse(segment, frame, (mp_int_t)frame->length);
        const segment_t *seg = &segment->seg;
        CHECK(remote >> 48 == 1 && (remote & 0xffff) == get16(p + 54)); // apart from every IPv4 address
        CHECK(seg->off == 74 + options && seg->len == text && seg->header == 54);
        CHECK(memcmp(segment->ends, p + 22, 32) == 0);
        CHECK(parse(segment, frame, (mp_int_t)frame->length) == remote);
        frame->bytes[15] |= 0x30; // a router has marked it: RFC 3168
        CHECK(parse(segment, frame, (mp_int_t)frame->length) == -1);
        frame->bytes[15] &= 0xef;
        // From the addresses to the end of the segment a single wrong bit shows.
        frame->bytes[22 + random_below(frame->length - 22)] ^= (uint8_t)(1 << random_below(8));
        CHECK(parse(segment, frame, (mp_int_t)frame->length) == -1);
        free_buffer(frame);
    }
    free(segment);
}

// Truncated, corrupted and random segments: all that are accepted are within their frame.
static void test_arbitrary_segments(void) {
    segment_obj_t *segment = new_segment();
    for (unsigned turn = 0; turn < 200000; turn++) {
        size_t options = 4 * random_below(11), text = random_below(40);
        buffer_t *frame = turn % 5 == 0 ? new_buffer(random_below(120))
            : turn % 5 < 3              ? new_frame(options, text)
                                        : new_frame6(options, text);
        for (unsigned i = random_below(4); i > 0 && frame->length > 0; i--) {
            frame->bytes[random_below(frame->length)] = (uint8_t)random_next();
        }
        if (random_below(2)) { // an allocation as short as what is left of it
            frame->length = random_below(frame->length + 1);
            frame->bytes = realloc(frame->bytes, frame->length + 1);
            frame->bytes = realloc(frame->bytes, frame->length ? frame->length : 1);
        }
        mp_int_t length = random_below(4) ? (mp_int_t)frame->length : about(frame->length);
        mp_obj_t arguments[] = {segment, frame, number(length), number(random_below(2))};
        mp_int_t remote = call(&segment_parse_obj, 4, arguments);
        CHECK((remote == raised) == !inside(0, length, frame->length));
        CHECK(remote < 0 || segment->seg.off + segment->seg.len <= (size_t)length);
        mp_int_t start = about(frame->length), end = about(frame->length);
        mp_obj_t tcp[] = {segment, frame, number(start), number(end), number((mp_int_t)random_below(70000) - 1)};
        mp_int_t result = call(&segment_parse_tcp_obj, 5, tcp);
        CHECK(inside(start, end - start, frame->length) ? result >= -2 && result <= 0 : result == raised);
        CHECK(result != 0 || segment->seg.off + segment->seg.len == (size_t)end);
        free_buffer(frame);
    }
    free(segment);
}

static void test_headers(void) {
    for (unsigned turn = 0; turn < 50000; turn++) {
        static const unsigned sizes[] = {54, 66, 74, 86}; // IPv4 and IPv6, without and with timestamps
        buffer_t *template = new_buffer(random_below(4) ? sizes[random_below(4)] : random_below(100));
        size_t size = template->length;
        buffer_t *frame = new_buffer(random_below(300));
        mp_int_t text = random_below(4) ? (mp_int_t)random_below(230) : about(frame->length);
        mp_obj_t arguments[10] = {frame, template, number(text)};
        for (unsigned i = 3; i < 10; i++) {
            arguments[i] = number((mp_int_t)(random_next() >> 2));
        }
        bool known = size == 54 || size == 66 || size == 74 || size == 86;
        bool fits = known && text >= 0 && inside(0, (mp_int_t)size + text, frame->length);
        mp_int_t length = call(&wire_tcp_header_obj, 10, arguments);
        CHECK(length == (fits ? (mp_int_t)size + text : raised));
        if (fits) {
            bool six = size > 66;
            size_t tcp = six ? 54 : 34, from = six ? 22 : 26, tcp_length = (size_t)length - tcp;
            uint32_t pseudo = simple_sum(frame->bytes + from, tcp - from, 6 + (uint64_t)tcp_length);
            CHECK(six || simple_sum(frame->bytes + 14, 20, 0) == 0xffff);
            CHECK(simple_sum(frame->bytes + tcp, tcp_length, pseudo) == 0xffff);
        }
        free_buffer(template);
        free_buffer(frame);
    }
}

// transmit(): whether the device has taken the frame, or `raised`.
static mp_int_t send(transmit_obj_t *transmit, size_t count, const mp_obj_t *arguments) {
    if (setjmp(on_error) != 0) {
        return raised;
    }
    mp_obj_t taken = transmit_call(transmit, count, 0, arguments);
    return taken == mp_const_none ? 0 : MP_OBJ_SMALL_INT_VALUE(taken);
}

static buffer_t *frame_of_any_length(unsigned turn) {
    size_t options = 4 * random_below(11), text = random_below(40);
    buffer_t *frame = turn % 3 == 0 ? new_buffer(random_below(120))
        : turn % 3 == 1             ? new_frame(options, text)
                                    : new_frame6(options, text);
    frame->length = random_below(4) ? frame->length : random_below(frame->length + 1);
    frame->bytes = realloc(frame->bytes, frame->length + 1);
    frame->bytes = realloc(frame->bytes, frame->length ? frame->length : 1);
    return frame;
}

// Nothing is read outside of a frame, and each that the device has taken counts once.
static void test_transmit(void) {
    mp_obj_t of[] = {number(1)};
    transmit_obj_t *transmit = transmit_make_new(&wire_transmit_type, 1, 0, of);
    uint64_t packets = 0, bytes = 0;
    for (unsigned turn = 0; turn < 100000; turn++) {
        buffer_t *frame = frame_of_any_length(turn);
        mp_int_t n = random_below(4) ? (mp_int_t)frame->length : about(frame->length);
        size_t count = 2 + random_below(4);
        mp_obj_t arguments[] = {frame, number(n), number(34), number(16), number((mp_int_t)random_below(50))};
        bool fits = inside(0, n, frame->length), hook = random_below(4) == 0;
        device.room = random_below(2);
        device.writes = device.hooks = 0;
        transmit->hook = hook ? number(7) : mp_const_none;
        mp_int_t taken = send(transmit, count, arguments);
        CHECK(taken == (hook ? 0 : fits ? device.room : raised));
        CHECK(device.hooks == hook && device.writes == (!hook && fits));
        if (hook || fits) {
            CHECK(device.count == count && memcmp(device.arguments, arguments, count * sizeof *arguments) == 0);
        }
        packets += taken == 1;
        bytes += taken == 1 ? (uint64_t)n : 0;
        CHECK(transmit->packets == packets && transmit->bytes == bytes);
        CHECK(transmit->ipv4 + transmit->ipv6 <= packets);
        free_buffer(frame);
    }
    free(transmit);
}

int main(void) {
    test_numbers();
    test_copies();
    test_sums();
    test_rings();
    test_right_segments();
    test_right_segments6();
    test_arbitrary_segments();
    test_headers();
    test_transmit();
    return 0;
}
