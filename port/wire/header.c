// header.c - a TCP header from its connection's template.

#include "py/runtime.h"
#include "wire.h"

enum { IP = 14, ADDRESSES = 26, TCP = 34, PLAIN = 54, TIMESTAMPS = 66 };

// tcp_header(buf, template, n, seq, ack, flags, wnd, tsval, tsecr, full) -> length of the frame
static mp_obj_t tcp_header(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wire_buf_t buf = wire_writable(args[0]);
    wire_buf_t template = wire_readable(args[1]);
    size_t size = template.len;
    size_t n = wire_size(args[2]);
    if ((size != PLAIN && size != TIMESTAMPS) || n > 0xffff - (size - IP)) {
        mp_raise_ValueError(MP_ERROR_TEXT("bounds"));
    }
    wire_check(&buf, 0, size + n);

    uint8_t *p = buf.base;
    memmove(p, template.base, size);
    size_t length = size - TCP + n;
    set16(p + 16, 20 + length);
    set16(p + 24, 0);
    set16(p + 24, ~wire_sum(p + IP, 20, 0));
    set32(p + 38, wire_u32(args[3]));
    set32(p + 42, wire_u32(args[4]));
    p[47] = (uint8_t)wire_u32(args[5]);
    set16(p + 48, wire_u32(args[6]));
    set16(p + 50, 0);
    if (size == TIMESTAMPS) {
        set32(p + 58, wire_u32(args[7]));
        set32(p + 62, wire_u32(args[8]));
    }
    uint32_t pseudo = wire_tcp_pseudo(p + ADDRESSES, length);
    set16(p + 50, mp_obj_is_true(args[9]) ? ~wire_sum(p + TCP, length, pseudo) : pseudo);
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)(size + n));
}
MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(wire_tcp_header_obj, 10, 10, tcp_header);
