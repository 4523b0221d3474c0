// transmit.c - the type Transmit: the way out of an interface. It hands frames to the device and counts them.

#include "py/runtime.h"
#include "wire.h"

enum { ARGUMENTS = 5 }; // frame, n, csum_start, csum_offset, gso_size

typedef struct {
    mp_obj_base_t base;
    mp_obj_t write[2]; // device.write, as mp_load_method() returns it
    mp_obj_t hook;     // called instead of the device, or None
    uint64_t packets, bytes;
    uint64_t ipv4, ipv6; // packets by EtherType,
    uint64_t segments;   // and TCP segments, as the device cuts them
} transmit_obj_t;

static mp_obj_t transmit_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    transmit_obj_t *self = mp_obj_malloc(transmit_obj_t, type);
    mp_load_method(args[0], MP_QSTR_write, self->write);
    self->hook = mp_const_none;
    self->packets = self->bytes = self->ipv4 = self->ipv6 = self->segments = 0;
    return MP_OBJ_FROM_PTR(self);
}

// The number of TCP segments in a frame whose TCP header is at `at`; gso is the size of their data, 0: one segment.
static uint64_t segments(const uint8_t *frame, size_t n, size_t at, size_t gso) {
    size_t header = n < at + TCP ? 0 : (size_t)(frame[at + 12] >> 4) * 4;
    if (gso == 0 || header == 0 || n <= at + header) {
        return 1;
    }
    return (n - at - header + gso - 1) / gso;
}

static void count(transmit_obj_t *self, const uint8_t *frame, size_t n, size_t gso) {
    self->packets += 1;
    self->bytes += n;
    if (n < ETHERNET + IPV4) {
        return;
    }
    const uint8_t *ip = frame + ETHERNET;
    switch (get16(frame + 12)) {
    case 0x0800:
        self->ipv4 += 1;
        if (ip[0] == 0x45 && ip[9] == PROTOCOL_TCP) {
            self->segments += segments(frame, n, ETHERNET + IPV4, gso);
        }
        break;
    case 0x86dd:
        self->ipv6 += 1;
        if (ip[6] == PROTOCOL_TCP) {
            self->segments += segments(frame, n, ETHERNET + IPV6, gso);
        }
        break;
    default: break;
    }
}

// Calls device.write() with the same arguments.
static mp_obj_t forward(transmit_obj_t *self, size_t n_args, const mp_obj_t *args) {
    wire_buf_t frame = wire_readable(args[0]);
    size_t n = wire_size(args[1]);
    wire_check(&frame, 0, n);
    mp_obj_t call[2 + ARGUMENTS];
    memcpy(call, self->write, sizeof self->write);
    memcpy(call + 2, args, n_args * sizeof *args);
    mp_obj_t taken = mp_call_method_n_kw(n_args, 0, call);
    if (mp_obj_is_true(taken)) {
        count(self, frame.base, n, n_args > 4 ? wire_size(args[4]) : 0);
    }
    return taken;
}

// transmit(frame, n, csum_start=0, csum_offset=0, gso_size=0) -> whether the device has taken the frame
static mp_obj_t transmit_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, ARGUMENTS, false);
    transmit_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->hook != mp_const_none) {
        return mp_call_function_n_kw(self->hook, n_args, 0, args);
    }
    return forward(self, n_args, args);
}

// write(frame, n, ...): the same, past the hook
static mp_obj_t transmit_write(size_t n_args, const mp_obj_t *args) {
    return forward(MP_OBJ_TO_PTR(args[0]), n_args - 1, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(transmit_write_obj, 3, 1 + ARGUMENTS, transmit_write);

static void transmit_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    transmit_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        if (attr == MP_QSTR_hook && dest[1] != MP_OBJ_NULL) {
            self->hook = dest[1];
            dest[0] = MP_OBJ_NULL; // stored
        }
        return;
    }
    uint64_t value;
    switch (attr) {
    case MP_QSTR_hook: dest[0] = self->hook; return;
    case MP_QSTR_write:
        dest[0] = MP_OBJ_FROM_PTR(&transmit_write_obj);
        dest[1] = self_in;
        return;
    case MP_QSTR_packets: value = self->packets; break;
    case MP_QSTR_bytes: value = self->bytes; break;
    case MP_QSTR_ipv4: value = self->ipv4; break;
    case MP_QSTR_ipv6: value = self->ipv6; break;
    case MP_QSTR_segments: value = self->segments; break;
    default: return;
    }
    dest[0] = mp_obj_new_int_from_uint(value);
}

MP_DEFINE_CONST_OBJ_TYPE(wire_transmit_type, MP_QSTR_Transmit, MP_TYPE_FLAG_NONE, make_new, transmit_make_new, call,
    transmit_call, attr, transmit_attr);
