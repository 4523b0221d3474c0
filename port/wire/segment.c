// segment.c - the type Segment: one received TCP segment, parsed once, read as attributes.

#include "py/runtime.h"
#include "wire.h"

enum { ADDRESSES6 = 32, KEYS = 9, INTERFACES = 32 };
enum { LAYOUT_OTHER = 0, LAYOUT_NONE = 1, LAYOUT_TIMESTAMPS = 2 };

#define NOP_NOP_TIMESTAMPS 0x0101080aU // RFC 7323 appendix A

typedef struct {
    uint32_t sport, dport, seq, ack, flags, wnd, up;
    uint32_t header, off, len, layout, tsval, tsecr;
    uint32_t src, dst;
} segment_t;

typedef struct {
    mp_obj_base_t base;
    segment_t seg;
    uint8_t mac[6];
    bool six;                 // it came with IPv6,
    uint8_t ends[ADDRESSES6]; // from the first address to the second
    uint64_t number;          // of the interface, in place
    uint64_t keys[KEYS];
    uint64_t packets, bytes; // given to parse(),
    uint64_t ipv4, ipv6;     // and those to our MAC address by EtherType
} segment_obj_t;

// Parse frame[off:off+n] into seg. Returns 0, -1: malformed, -2: wrong sum (then seg is as it was).
static int parse_tcp(segment_t *seg, const uint8_t *frame, size_t off, size_t n, bool verify, uint32_t pseudo) {
    const uint8_t *tcp = frame + off;
    if (n < TCP) {
        return -1;
    }
    size_t size = (size_t)(tcp[12] >> 4) * 4;
    if (size < TCP || size > n) {
        return -1;
    }
    if (verify && wire_sum(tcp, n, pseudo) != 0xffff) {
        return -2;
    }
    seg->sport = get16(tcp);
    seg->dport = get16(tcp + 2);
    seg->seq = get32(tcp + 4);
    seg->ack = get32(tcp + 8);
    seg->flags = tcp[13];
    seg->wnd = get16(tcp + 14);
    seg->up = get16(tcp + 18);
    seg->header = (uint32_t)off;
    seg->off = (uint32_t)(off + size);
    seg->len = (uint32_t)(n - size);
    seg->layout = size == TCP ? LAYOUT_NONE : LAYOUT_OTHER;
    seg->tsval = seg->tsecr = 0;
    if (size == TCP + 12 && get32(tcp + TCP) == NOP_NOP_TIMESTAMPS) {
        seg->layout = LAYOUT_TIMESTAMPS;
        seg->tsval = get32(tcp + TCP + 4);
        seg->tsecr = get32(tcp + TCP + 8);
    }
    return 0;
}

// Whether frame[:n] has a whole IPv4 packet without options that carries TCP; its length in *total.
static bool plain_ipv4(const uint8_t *frame, size_t n, size_t *total) {
    const uint8_t *ip = frame + ETHERNET;
    if (n < ETHERNET + IPV4 + TCP || ip[0] != 0x45 || (ip[1] & 3) == 3) { // congestion experienced: RFC 3168
        return false;
    }
    *total = get16(ip + 2);
    return *total >= IPV4 + TCP && *total <= n - ETHERNET && (get16(ip + 6) & 0x3fff) == 0 && ip[9] == PROTOCOL_TCP
        && wire_sum(ip, IPV4, 0) == 0xffff;
}

// Whether frame[:n] has a whole IPv6 packet with nothing between its header and TCP's; TCP's length in *length.
static bool plain_ipv6(const uint8_t *frame, size_t n, size_t *length) {
    const uint8_t *ip = frame + ETHERNET;
    if (n < ETHERNET + IPV6 + TCP || ip[0] >> 4 != 6 || ip[6] != PROTOCOL_TCP || (ip[1] & 0x30) == 0x30) {
        return false;
    }
    *length = get16(ip + 4);
    return *length >= TCP && *length <= n - ETHERNET - IPV6;
}

// pure.py's hash6: strongly universal, from 2**32 on.
static uint64_t hash6(const uint64_t *keys, const uint8_t *addresses) {
    uint64_t total = keys[KEYS - 1];
    for (unsigned i = 0; i < KEYS - 1; i++) {
        total += keys[i] * get32(addresses + 4 * i);
    }
    return UINT64_C(1) << 32 | total >> 32;
}

static mp_obj_t segment_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 3, false);
    wire_buf_t mac = wire_readable(args[0]);
    wire_check(&mac, 0, 6);
    wire_buf_t secret = wire_readable(args[1]);
    wire_check(&secret, 0, 8 * KEYS);
    uint64_t number = n_args > 2 ? wire_size(args[2]) : 0;
    if (number >= INTERFACES) {
        mp_raise_ValueError(MP_ERROR_TEXT("bounds"));
    }
    segment_obj_t *self = mp_obj_malloc(segment_obj_t, type);
    memset(&self->seg, 0, sizeof self->seg);
    memcpy(self->mac, mac.base, 6);
    self->six = false;
    self->packets = self->bytes = self->ipv4 = self->ipv6 = 0;
    self->number = number << 56;
    for (unsigned i = 0; i < KEYS; i++) {
        self->keys[i] = (uint64_t)get32(secret.base + 8 * i) << 32 | get32(secret.base + 8 * i + 4);
    }
    return MP_OBJ_FROM_PTR(self);
}

// Seven bits of a local IPv4 address, which differ for most of ours.
static unsigned fold(uint32_t address) {
    return (address ^ address >> 7 ^ address >> 14 ^ address >> 21 ^ address >> 28) & 127;
}

// The key of a connection: number of the interface << 56 | addresses << 16 | port of the remote end.
static mp_obj_t key(const segment_obj_t *self, uint64_t addresses) {
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)(self->number | addresses << 16 | self->seg.sport));
}

static mp_obj_t parse_ipv4(segment_obj_t *self, const uint8_t *frame, size_t n, bool verify) {
    size_t total;
    if (!plain_ipv4(frame, n, &total)) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    const uint8_t *addresses = frame + ETHERNET + 12;
    size_t length = total - IPV4;
    uint32_t pseudo = verify ? wire_tcp_pseudo(addresses, length) : 0;
    if (parse_tcp(&self->seg, frame, ETHERNET + IPV4, length, verify, pseudo) != 0) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    self->six = false;
    self->seg.src = get32(addresses);
    self->seg.dst = get32(addresses + 4);
    return key(self, (uint64_t)fold(self->seg.dst) << 33 | self->seg.src);
}

static mp_obj_t parse_ipv6(segment_obj_t *self, const uint8_t *frame, size_t n, bool verify) {
    size_t length;
    if (!plain_ipv6(frame, n, &length)) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    const uint8_t *addresses = frame + ETHERNET + 8;
    uint32_t pseudo = verify ? wire_sum(addresses, ADDRESSES6, PROTOCOL_TCP + (uint32_t)length) : 0;
    if (parse_tcp(&self->seg, frame, ETHERNET + IPV6, length, verify, pseudo) != 0) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    self->six = true;
    memcpy(self->ends, addresses, sizeof self->ends);
    self->seg.src = self->seg.dst = 0;
    return key(self, hash6(self->keys, addresses));
}

// parse(frame, n, verify) -> the key of the connection (mnet/wire/pure.py), or -1
static mp_obj_t segment_parse(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    segment_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    wire_buf_t frame = wire_readable(args[1]);
    size_t n = wire_size(args[2]);
    wire_check(&frame, 0, n);
    bool verify = mp_obj_is_true(args[3]);
    self->packets += 1;
    self->bytes += n;
    if (n < ETHERNET || memcmp(frame.base, self->mac, 6) != 0) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    switch (get16(frame.base + 12)) {
    case 0x0800: self->ipv4 += 1; return parse_ipv4(self, frame.base, n, verify);
    case 0x86dd: self->ipv6 += 1; return parse_ipv6(self, frame.base, n, verify);
    default: return MP_OBJ_NEW_SMALL_INT(-1);
    }
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(segment_parse_obj, 4, 4, segment_parse);

// between(ends) -> whether the segment came with IPv6 and these addresses
static mp_obj_t segment_between(mp_obj_t self_in, mp_obj_t ends_in) {
    segment_obj_t *self = MP_OBJ_TO_PTR(self_in);
    wire_buf_t ends = wire_readable(ends_in);
    return mp_obj_new_bool(
        self->six && ends.len == sizeof self->ends && memcmp(ends.base, self->ends, sizeof self->ends) == 0);
}
static MP_DEFINE_CONST_FUN_OBJ_2(segment_between_obj, segment_between);

// hash6(buf, off) -> a number for the two IPv6 addresses there
static mp_obj_t segment_hash6(mp_obj_t self_in, mp_obj_t buf_in, mp_obj_t off_in) {
    segment_obj_t *self = MP_OBJ_TO_PTR(self_in);
    wire_buf_t buf = wire_readable(buf_in);
    size_t off = wire_size(off_in);
    wire_check(&buf, off, ADDRESSES6);
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)hash6(self->keys, buf.base + off));
}
static MP_DEFINE_CONST_FUN_OBJ_3(segment_hash6_obj, segment_hash6);

// parse_tcp(frame, off, end, pseudo) -> 0, -1 malformed, -2 wrong sum
static mp_obj_t segment_parse_tcp(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    segment_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    wire_buf_t frame = wire_readable(args[1]);
    size_t off = wire_size(args[2]);
    size_t n = wire_size(args[3]) - off;
    mp_int_t pseudo = mp_obj_get_int(args[4]);
    wire_check(&frame, off, n);
    if (n > 0xffff) {
        mp_raise_ValueError(MP_ERROR_TEXT("bounds"));
    }
    return MP_OBJ_NEW_SMALL_INT(parse_tcp(&self->seg, frame.base, off, n, pseudo >= 0, (uint32_t)pseudo));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(segment_parse_tcp_obj, 5, 5, segment_parse_tcp);

static void segment_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    if (dest[0] != MP_OBJ_NULL) {
        return; // read-only
    }
    const segment_obj_t *self = MP_OBJ_TO_PTR(self_in);
    const segment_t *seg = &self->seg;
    uint64_t value;
    switch (attr) {
    case MP_QSTR_between:
        dest[0] = MP_OBJ_FROM_PTR(&segment_between_obj);
        dest[1] = self_in;
        return;
    case MP_QSTR_hash6:
        dest[0] = MP_OBJ_FROM_PTR(&segment_hash6_obj);
        dest[1] = self_in;
        return;
    case MP_QSTR_seq: value = seg->seq; break;
    case MP_QSTR_ack: value = seg->ack; break;
    case MP_QSTR_flags: value = seg->flags; break;
    case MP_QSTR_wnd: value = seg->wnd; break;
    case MP_QSTR_len: value = seg->len; break;
    case MP_QSTR_off: value = seg->off; break;
    case MP_QSTR_layout: value = seg->layout; break;
    case MP_QSTR_tsval: value = seg->tsval; break;
    case MP_QSTR_tsecr: value = seg->tsecr; break;
    case MP_QSTR_sport: value = seg->sport; break;
    case MP_QSTR_dport: value = seg->dport; break;
    case MP_QSTR_src: value = seg->src; break;
    case MP_QSTR_dst: value = seg->dst; break;
    case MP_QSTR_header: value = seg->header; break;
    case MP_QSTR_up: value = seg->up; break;
    case MP_QSTR_packets: value = self->packets; break;
    case MP_QSTR_bytes: value = self->bytes; break;
    case MP_QSTR_ipv4: value = self->ipv4; break;
    case MP_QSTR_ipv6: value = self->ipv6; break;
    case MP_QSTR_parse:
        dest[0] = MP_OBJ_FROM_PTR(&segment_parse_obj);
        dest[1] = self_in;
        return;
    case MP_QSTR_parse_tcp:
        dest[0] = MP_OBJ_FROM_PTR(&segment_parse_tcp_obj);
        dest[1] = self_in;
        return;
    default: return;
    }
    dest[0] = MP_OBJ_NEW_SMALL_INT((mp_int_t)value);
}

MP_DEFINE_CONST_OBJ_TYPE(
    wire_segment_type, MP_QSTR_Segment, MP_TYPE_FLAG_NONE, make_new, segment_make_new, attr, segment_attr);
