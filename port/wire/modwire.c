// modwire.c - the module `_wire`: numbers, sums and copies in caller's buffers.

#include "py/binary.h"
#include "py/runtime.h"
#include "wire.h"

__attribute__((noreturn)) static void out_of_bounds(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("bounds"));
}

static wire_buf_t buffer(mp_obj_t obj, mp_uint_t flags) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(obj, &info, flags);
    return (wire_buf_t) {.base = info.buf, .len = info.len};
}

wire_buf_t wire_readable(mp_obj_t obj) {
    return buffer(obj, MP_BUFFER_READ);
}

wire_buf_t wire_writable(mp_obj_t obj) {
    return buffer(obj, MP_BUFFER_WRITE);
}

void wire_check(const wire_buf_t *buf, size_t off, size_t n) {
    if (off > buf->len || n > buf->len - off) {
        out_of_bounds();
    }
}

static uint8_t *place(mp_obj_t obj, mp_obj_t off_in, size_t n, mp_uint_t flags) {
    wire_buf_t buf = buffer(obj, flags);
    size_t off = wire_size(off_in);
    wire_check(&buf, off, n);
    return buf.base + off;
}

static mp_obj_t wire_get_u16(mp_obj_t buf, mp_obj_t off) {
    return MP_OBJ_NEW_SMALL_INT(get16(place(buf, off, 2, MP_BUFFER_READ)));
}
static MP_DEFINE_CONST_FUN_OBJ_2(u16_obj, wire_get_u16);

static mp_obj_t wire_get_u32(mp_obj_t buf, mp_obj_t off) {
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)get32(place(buf, off, 4, MP_BUFFER_READ)));
}
static MP_DEFINE_CONST_FUN_OBJ_2(u32_obj, wire_get_u32);

static mp_obj_t wire_put16(mp_obj_t buf, mp_obj_t off, mp_obj_t value) {
    set16(place(buf, off, 2, MP_BUFFER_WRITE), wire_u32(value));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(put16_obj, wire_put16);

static mp_obj_t wire_put32(mp_obj_t buf, mp_obj_t off, mp_obj_t value) {
    set32(place(buf, off, 4, MP_BUFFER_WRITE), wire_u32(value));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(put32_obj, wire_put32);

// copy(dst, dst_off, src, src_off, n)
static mp_obj_t wire_copy(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    size_t n = wire_size(args[4]);
    uint8_t *dst = place(args[0], args[1], n, MP_BUFFER_WRITE);
    memmove(dst, place(args[2], args[3], n, MP_BUFFER_READ), n);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(copy_obj, 5, 5, wire_copy);

// sum16(buf, off, n, initial=0)
static mp_obj_t wire_sum16(size_t n_args, const mp_obj_t *args) {
    size_t n = wire_size(args[2]);
    const uint8_t *p = place(args[0], args[1], n, MP_BUFFER_READ);
    return MP_OBJ_NEW_SMALL_INT(wire_sum(p, n, n_args > 3 ? wire_u32(args[3]) : 0));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(sum16_obj, 3, 4, wire_sum16);

// nbytes(obj, writable=False): the length in bytes of a buffer, -1 for other objects; as in CPython a str is
// none.
static mp_obj_t wire_nbytes(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t info;
    bool writable = n_args > 1 && mp_obj_is_true(args[1]);
    mp_obj_t text = mp_obj_cast_to_native_base(args[0], MP_OBJ_FROM_PTR(&mp_type_str));
    if (text != MP_OBJ_NULL || !mp_get_buffer(args[0], &info, writable ? MP_BUFFER_WRITE : MP_BUFFER_READ)) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    return mp_obj_new_int_from_uint(info.len);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(nbytes_obj, 1, 2, wire_nbytes);

// The position of n bytes in a ring from the free-running position pos on: `first` of them from `at`, the
// rest from its start.
typedef struct {
    size_t at, first;
} span_t;

static span_t ring_span(const wire_buf_t *ring, mp_obj_t pos, size_t n) {
    if (n > ring->len) {
        out_of_bounds();
    }
    if (n == 0) {
        return (span_t) {0, 0};
    }
    size_t at = wire_size(pos) % ring->len;
    size_t first = ring->len - at;
    return (span_t) {at, first < n ? first : n};
}

// ring_put(ring, pos, src, off, n)
static mp_obj_t wire_ring_put(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wire_buf_t ring = wire_writable(args[0]);
    size_t n = wire_size(args[4]);
    const uint8_t *src = place(args[2], args[3], n, MP_BUFFER_READ);
    span_t span = ring_span(&ring, args[1], n);
    memmove(ring.base + span.at, src, span.first);
    memmove(ring.base, src + span.first, n - span.first);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(ring_put_obj, 5, 5, wire_ring_put);

// ring_get(ring, pos, dst, off, n)
static mp_obj_t wire_ring_get(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    wire_buf_t ring = wire_readable(args[0]);
    size_t n = wire_size(args[4]);
    uint8_t *dst = place(args[2], args[3], n, MP_BUFFER_WRITE);
    span_t span = ring_span(&ring, args[1], n);
    memmove(dst, ring.base + span.at, span.first);
    memmove(dst + span.first, ring.base, n - span.first);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(ring_get_obj, 5, 5, wire_ring_get);

static const mp_rom_map_elem_t wire_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__wire)},
    {MP_ROM_QSTR(MP_QSTR_u16), MP_ROM_PTR(&u16_obj)},
    {MP_ROM_QSTR(MP_QSTR_u32), MP_ROM_PTR(&u32_obj)},
    {MP_ROM_QSTR(MP_QSTR_put16), MP_ROM_PTR(&put16_obj)},
    {MP_ROM_QSTR(MP_QSTR_put32), MP_ROM_PTR(&put32_obj)},
    {MP_ROM_QSTR(MP_QSTR_copy), MP_ROM_PTR(&copy_obj)},
    {MP_ROM_QSTR(MP_QSTR_nbytes), MP_ROM_PTR(&nbytes_obj)},
    {MP_ROM_QSTR(MP_QSTR_sum16), MP_ROM_PTR(&sum16_obj)},
    {MP_ROM_QSTR(MP_QSTR_ring_put), MP_ROM_PTR(&ring_put_obj)},
    {MP_ROM_QSTR(MP_QSTR_ring_get), MP_ROM_PTR(&ring_get_obj)},
    {MP_ROM_QSTR(MP_QSTR_tcp_header), MP_ROM_PTR(&wire_tcp_header_obj)},
    {MP_ROM_QSTR(MP_QSTR_Segment), MP_ROM_PTR(&wire_segment_type)},
    {MP_ROM_QSTR(MP_QSTR_Transmit), MP_ROM_PTR(&wire_transmit_type)},
};
static MP_DEFINE_CONST_DICT(wire_globals, wire_globals_table);

const mp_obj_module_t wire_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&wire_globals,
};
MP_REGISTER_MODULE(MP_QSTR__wire, wire_module);
