// segment.c - the type Segment: one received TCP segment, parsed once, read as attributes.

#include "py/runtime.h"
#include "wire.h"

enum { ETHERNET = 14, IPV4 = 20, TCP = 20, PROTOCOL_TCP = 6 };
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

// Whether frame[:n] is Ethernet to `mac` with a whole IPv4 packet without options that carries TCP; its length in *total.
static bool plain_ipv4(const uint8_t *frame, size_t n, const uint8_t *mac, size_t *total) {
    const uint8_t *ip = frame + ETHERNET;
    if (n < ETHERNET + IPV4 + TCP || memcmp(frame, mac, 6) != 0 || get16(frame + 12) != 0x0800 || ip[0] != 0x45) {
        return false;
    }
    *total = get16(ip + 2);
    return *total >= IPV4 + TCP && *total <= n - ETHERNET && (get16(ip + 6) & 0x3fff) == 0 && ip[9] == PROTOCOL_TCP
        && wire_sum(ip, IPV4, 0) == 0xffff;
}

static mp_obj_t segment_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    wire_buf_t mac = wire_readable(args[0]);
    wire_check(&mac, 0, 6);
    segment_obj_t *self = mp_obj_malloc(segment_obj_t, type);
    memset(&self->seg, 0, sizeof self->seg);
    memcpy(self->mac, mac.base, 6);
    return MP_OBJ_FROM_PTR(self);
}

// parse(frame, n, verify) -> address << 16 | port of the remote end, or -1
static mp_obj_t segment_parse(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    segment_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    wire_buf_t frame = wire_readable(args[1]);
    size_t n = wire_size(args[2]);
    wire_check(&frame, 0, n);
    size_t total;
    if (!plain_ipv4(frame.base, n, self->mac, &total)) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    const uint8_t *addresses = frame.base + ETHERNET + 12;
    size_t length = total - IPV4;
    bool verify = mp_obj_is_true(args[3]);
    uint32_t pseudo = verify ? wire_tcp_pseudo(addresses, length) : 0;
    if (parse_tcp(&self->seg, frame.base, ETHERNET + IPV4, length, verify, pseudo) != 0) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    self->seg.src = get32(addresses);
    self->seg.dst = get32(addresses + 4);
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)((uint64_t)self->seg.src << 16 | self->seg.sport));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(segment_parse_obj, 4, 4, segment_parse);

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
    const segment_t *seg = &((segment_obj_t *)MP_OBJ_TO_PTR(self_in))->seg;
    uint32_t value;
    switch (attr) {
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
