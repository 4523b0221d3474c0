// wire.h - byte operations of the stack's fast path (Python module `_wire`).
//
// Parse, fill templates, copy, sum: protocol decisions are made in Python. stack/mnet/wire/pure.py defines
// each function; a test compares both. Every offset and length is checked against its buffer.

#ifndef PYMNET_WIRE_H
#define PYMNET_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "py/obj.h"

// Sizes of headers without options, and IP's number of TCP.
enum { ETHERNET = 14, IPV4 = 20, IPV6 = 40, TCP = 20, PROTOCOL_TCP = 6 };

// Network byte order, any alignment.

static inline uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return __builtin_bswap32(v);
}

static inline void set16(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void set32(uint8_t *p, uint32_t v) {
    v = __builtin_bswap32(v);
    memcpy(p, &v, sizeof v);
}

// The one's complement sum of n bytes (RFC 1071), folded to 16 bits, not inverted; starts from `initial` (a folded sum or any 32-bit number).
uint32_t wire_sum(const uint8_t *p, size_t n, uint32_t initial);

// The sum of a TCP pseudo header over IPv4: `addresses` are source and destination, 8 bytes (RFC 9293 3.1).
static inline uint32_t wire_tcp_pseudo(const uint8_t *addresses, size_t length) {
    return wire_sum(addresses, 8, 6 + (uint32_t)length);
}

// Arguments from Python. A buffer object's bytes, or TypeError; a length, offset or number as the machine's word.

typedef struct {
    uint8_t *base;
    size_t len;
} wire_buf_t;

wire_buf_t wire_readable(mp_obj_t obj);
wire_buf_t wire_writable(mp_obj_t obj);

// Raise ValueError("bounds") unless buf[off:off+n] lies in the buffer.
void wire_check(const wire_buf_t *buf, size_t off, size_t n);

static inline size_t wire_size(mp_obj_t obj) {
    return (size_t)mp_obj_get_int(obj); // a negative number becomes a huge one: wire_check() refuses it
}

static inline uint32_t wire_u32(mp_obj_t obj) {
    return (uint32_t)mp_obj_get_int(obj);
}

extern const mp_obj_type_t wire_segment_type, wire_transmit_type;
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(wire_tcp_header_obj);

#endif
