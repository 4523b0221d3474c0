// header.c - a TCP header from its connection's template.

#include "py/runtime.h"
#include "wire.h"

enum { TIMESTAMPS = 32 }; // the size of TCP's header with them
enum { IPV4_ADDRESSES = 12, IPV6_ADDRESSES = 8 };

// Writes the length field and, with IPv4, the checksum of the IP header before `length` bytes of TCP. Returns
// the sum of TCP's pseudo header.
static uint32_t finish_ip(uint8_t *ip, size_t header, size_t length) {
    if (header == IPV6) {
        set16(ip + 4, length);
        return wire_sum(ip + IPV6_ADDRESSES, 32, 6 + (uint32_t)length);
    }
    set16(ip + 2, IPV4 + length);
    set16(ip + 10, 0);
    set16(ip + 10, ~wire_sum(ip, IPV4, 0));
    return wire_tcp_pseudo(ip + IPV4_ADDRESSES, length);
}

// tcp_header(buf, template, n, seq, ack, flags, wnd, tsval, tsecr, full) -> length of the frame
static mp_obj_t tcp_header(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wire_buf_t buf = wire_writable(args[0]);
    wire_buf_t template = wire_readable(args[1]);
    size_t size = template.len;
    size_t n = wire_size(args[2]);
    size_t ip = size > ETHERNET + IPV4 + TIMESTAMPS ? IPV6 : IPV4;
    size_t header = size - ETHERNET - ip;
    if ((header != TCP && header != TIMESTAMPS) || n > 0xffff - (size - ETHERNET)) {
        mp_raise_ValueError(MP_ERROR_TEXT("bounds"));
    }
    wire_check(&buf, 0, size + n);

    uint8_t *p = buf.base;
    memmove(p, template.base, size);
    if (n == 0) {
        p[ETHERNET + 1] &= ip == IPV4 ? 0xfc : 0xcf; // a segment without data is not ECN-capable: RFC 3168 6.1.4
    }
    size_t length = header + n;
    uint32_t pseudo = finish_ip(p + ETHERNET, ip, length);
    uint8_t *tcp = p + ETHERNET + ip;
    set32(tcp + 4, wire_u32(args[3]));
    set32(tcp + 8, wire_u32(args[4]));
    tcp[13] = (uint8_t)wire_u32(args[5]);
    set16(tcp + 14, wire_u32(args[6]));
    set16(tcp + 16, 0);
    if (header == TIMESTAMPS) {
        set32(tcp + 24, wire_u32(args[7]));
        set32(tcp + 28, wire_u32(args[8]));
    }
    set16(tcp + 16, mp_obj_is_true(args[9]) ? ~wire_sum(tcp, length, pseudo) : pseudo);
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)(size + n));
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wire_tcp_header_obj, 10, 10, tcp_header);
