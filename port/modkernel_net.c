// modkernel_net.c - `_mkernel.Net`: a network device; frames to and from the caller's buffer.
//
// read_into, write, flush and room run for every frame: they allocate nothing, raise nothing for network
// errors, and take positional arguments only.

#include <string.h>

#include "modkernel.h"
#include "platform.h"
#include "py/objstr.h"
#include "py/runtime.h"

typedef struct {
    mp_obj_base_t base;
    unsigned handle;
    mp_obj_t name, mac;
    struct net_info info;
    struct net_rx rx; // of the frame read last
    uint64_t rx_frames, tx_frames, tx_refused, tx_errors;
} net_obj_t;

// Opening -------------------------------------------------------------------------------------------------------------

// Devices are never closed, nor are their objects: a second Net("service") is the same object.
MP_REGISTER_ROOT_POINTER(void *mkernel_nets[MANIFEST_ENTRIES_MAX]);

static net_obj_t *open_device(unsigned handle, mp_obj_t name) {
    net_obj_t *net = mp_obj_malloc(net_obj_t, &mkernel_net_type);
    memset((char *)net + sizeof(net->base), 0, sizeof(*net) - sizeof(net->base));
    net->handle = handle;
    net->name = name;
    mkernel_check_open(MANIFEST_NET, name, platform_net_open(handle, &net->info));
    MP_STATE_VM(mkernel_nets)[handle] = net;
    net->mac = mp_obj_new_bytes(net->info.mac, sizeof(net->info.mac));
    return net;
}

static mp_obj_t net_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    unsigned handle = mkernel_find(MANIFEST_NET, args[0]);
    net_obj_t *net = MP_STATE_VM(mkernel_nets)[handle];
    return MP_OBJ_FROM_PTR(net != NULL ? net : open_device(handle, args[0]));
}

// Frames --------------------------------------------------------------------------------------------------------------

// read_into(buf) -> length of the frame; 0: there is none
static mp_obj_t net_read_into(mp_obj_t self_in, mp_obj_t buffer_in) {
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(buffer_in, &buffer, MP_BUFFER_WRITE);
    size_t length = platform_net_read(self->handle, buffer.buf, buffer.len, &self->rx);
    self->rx_frames += length > 0;
    return MP_OBJ_NEW_SMALL_INT(length);
}
static MP_DEFINE_CONST_FUN_OBJ_2(net_read_into_obj, net_read_into);

static uint16_t get_u16(mp_obj_t value_in) {
    mp_int_t value = mp_obj_get_int(value_in);
    if (value < 0 || value > UINT16_MAX) {
        mp_raise_ValueError(MP_ERROR_TEXT("offset or size out of range"));
    }
    return (uint16_t)value;
}

// write(buf, n[, csum_start, csum_offset[, gso_size]]) -> False: no room, frame not queued
static mp_obj_t net_write(size_t n_args, const mp_obj_t *args) {
    net_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[1], &buffer, MP_BUFFER_READ);
    mp_int_t length = mp_obj_get_int(args[2]);
    if (length < 0 || (size_t)length > buffer.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("frame is longer than its buffer"));
    }
    struct net_tx tx = {.csum_start = 0};
    if (n_args > 3) {
        tx.csum_start = get_u16(args[3]);
        tx.csum_offset = n_args > 4 ? get_u16(args[4]) : 0;
        tx.gso_size = n_args > 5 ? get_u16(args[5]) : 0;
    }
    int taken = platform_net_write(self->handle, buffer.buf, (size_t)length, &tx);
    if (taken < 0) {
        self->tx_errors++;
        mp_raise_ValueError(MP_ERROR_TEXT("the device cannot send such a frame"));
    }
    self->tx_frames += taken > 0;
    self->tx_refused += taken == 0;
    return mp_obj_new_bool(taken > 0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(net_write_obj, 3, 6, net_write);

static mp_obj_t net_flush(mp_obj_t self_in) {
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    platform_net_flush(self->handle);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(net_flush_obj, net_flush);

static mp_obj_t net_room(mp_obj_t self_in) {
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return MP_OBJ_NEW_SMALL_INT(platform_net_room(self->handle));
}
static MP_DEFINE_CONST_FUN_OBJ_1(net_room_obj, net_room);

// stats() -> (rx_frames, rx_dropped, tx_frames, tx_dropped, tx_errors, tx_refused, kicks) with these names
static mp_obj_t net_stats(mp_obj_t self_in) {
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    static const qstr fields[] = {MP_QSTR_rx_frames, MP_QSTR_rx_dropped, MP_QSTR_tx_frames, MP_QSTR_tx_dropped,
        MP_QSTR_tx_errors, MP_QSTR_tx_refused, MP_QSTR_kicks};
    struct net_counters counters;
    platform_net_counters(self->handle, &counters);
    mp_obj_t values[] = {
        mp_obj_new_int_from_uint(self->rx_frames),
        mp_obj_new_int_from_uint(counters.rx_dropped),
        mp_obj_new_int_from_uint(self->tx_frames),
        mp_obj_new_int_from_uint(counters.tx_dropped),
        mp_obj_new_int_from_uint(counters.tx_errors + self->tx_errors),
        mp_obj_new_int_from_uint(self->tx_refused),
        mp_obj_new_int_from_uint(counters.kicks),
    };
    return mp_obj_new_attrtuple(fields, MP_ARRAY_SIZE(values), values);
}
static MP_DEFINE_CONST_FUN_OBJ_1(net_stats_obj, net_stats);

// The type ------------------------------------------------------------------------------------------------------------

static void net_attr(mp_obj_t self_in, qstr attribute, mp_obj_t *destination) {
    if (destination[0] != MP_OBJ_NULL) {
        return; // all are read-only
    }
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    switch (attribute) {
    case MP_QSTR_rx_csum: destination[0] = MP_OBJ_NEW_SMALL_INT(self->rx.csum); break;
    case MP_QSTR_rx_gso: destination[0] = MP_OBJ_NEW_SMALL_INT(self->rx.gso_size); break;
    case MP_QSTR_name: destination[0] = self->name; break;
    case MP_QSTR_mac: destination[0] = self->mac; break;
    case MP_QSTR_mtu: destination[0] = MP_OBJ_NEW_SMALL_INT(self->info.mtu); break;
    case MP_QSTR_link: destination[0] = MP_OBJ_NEW_SMALL_INT(platform_net_link(self->handle)); break;
    case MP_QSTR_features: destination[0] = MP_OBJ_NEW_SMALL_INT(self->info.features); break;
    default: destination[1] = MP_OBJ_SENTINEL; // perhaps a method
    }
}

static void net_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    net_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<Net '%s'>", mp_obj_str_get_str(self->name));
}

static const mp_rom_map_elem_t net_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_read_into), MP_ROM_PTR(&net_read_into_obj)},
    {MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&net_write_obj)},
    {MP_ROM_QSTR(MP_QSTR_flush), MP_ROM_PTR(&net_flush_obj)},
    {MP_ROM_QSTR(MP_QSTR_room), MP_ROM_PTR(&net_room_obj)},
    {MP_ROM_QSTR(MP_QSTR_stats), MP_ROM_PTR(&net_stats_obj)},
};
static MP_DEFINE_CONST_DICT(net_locals, net_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(mkernel_net_type, MP_QSTR_Net, MP_TYPE_FLAG_NONE, make_new, net_make_new, print, net_print,
    attr, net_attr, locals_dict, &net_locals);
