// modkernel_block.c - `_mkernel.Block`: a block device; sectors to and from the caller's buffer. A call
// blocks the whole machine.

#include <string.h>

#include "modkernel.h"
#include "platform.h"
#include "py/mperrno.h"
#include "py/runtime.h"

typedef struct {
    mp_obj_base_t base;
    unsigned handle;
    mp_obj_t name;
    struct block_info info;
} block_obj_t;

// Devices are never closed, nor are their objects: a second Block("data") is the same object.
MP_REGISTER_ROOT_POINTER(void *mkernel_blocks[MANIFEST_ENTRIES_MAX]);

static mp_obj_t block_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    unsigned handle = mkernel_find(MANIFEST_BLOCK, args[0]);
    block_obj_t *block = MP_STATE_VM(mkernel_blocks)[handle];
    if (block == NULL) {
        block = mp_obj_malloc(block_obj_t, &mkernel_block_type);
        block->handle = handle;
        block->name = args[0];
        mkernel_check_open(MANIFEST_BLOCK, args[0], platform_block_open(handle, &block->info));
        MP_STATE_VM(mkernel_blocks)[handle] = block;
    }
    return MP_OBJ_FROM_PTR(block);
}

// Returns the offset if it and the length are whole sectors within the device, else raises ValueError.
static uint64_t checked_offset(const block_obj_t *self, mp_obj_t offset_in, size_t length) {
    mp_int_t offset = mp_obj_get_int(offset_in);
    uint64_t sector_size = self->info.sector_size, capacity = self->info.capacity;
    if (((uint64_t)offset | length) & (sector_size - 1)) {
        mp_raise_ValueError(MP_ERROR_TEXT("offset and length must be whole sectors"));
    }
    if (offset < 0 || (uint64_t)offset > capacity || length > capacity - (uint64_t)offset) {
        mp_raise_ValueError(MP_ERROR_TEXT("beyond the end of the device"));
    }
    return (uint64_t)offset;
}

static void check(int error) {
    if (error < 0) {
        mp_raise_OSError(-error);
    }
}

// read_into(offset, buf): fills the buffer with the bytes from `offset` on. OSError(EIO) when the device fails.
static mp_obj_t block_read_into(mp_obj_t self_in, mp_obj_t offset_in, mp_obj_t buffer_in) {
    block_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(buffer_in, &buffer, MP_BUFFER_WRITE);
    uint64_t offset = checked_offset(self, offset_in, buffer.len);
    check(platform_block_read(self->handle, offset, buffer.buf, buffer.len));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(block_read_into_obj, block_read_into);

// write(offset, buf): writes the buffer there. OSError(EIO) when the device fails or is read-only.
static mp_obj_t block_write(mp_obj_t self_in, mp_obj_t offset_in, mp_obj_t buffer_in) {
    block_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(buffer_in, &buffer, MP_BUFFER_READ);
    uint64_t offset = checked_offset(self, offset_in, buffer.len);
    check(platform_block_write(self->handle, offset, buffer.buf, buffer.len));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(block_write_obj, block_write);

static void block_attr(mp_obj_t self_in, qstr attribute, mp_obj_t *destination) {
    if (destination[0] != MP_OBJ_NULL) {
        return; // all are read-only
    }
    block_obj_t *self = MP_OBJ_TO_PTR(self_in);
    switch (attribute) {
    case MP_QSTR_name: destination[0] = self->name; break;
    case MP_QSTR_capacity: destination[0] = mp_obj_new_int_from_uint(self->info.capacity); break;
    case MP_QSTR_sector_size: destination[0] = mp_obj_new_int_from_uint(self->info.sector_size); break;
    default: destination[1] = MP_OBJ_SENTINEL; // perhaps a method
    }
}

static void block_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    block_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<Block '%s'>", mp_obj_str_get_str(self->name));
}

static const mp_rom_map_elem_t block_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_read_into), MP_ROM_PTR(&block_read_into_obj)},
    {MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&block_write_obj)},
};
static MP_DEFINE_CONST_DICT(block_locals, block_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(mkernel_block_type, MP_QSTR_Block, MP_TYPE_FLAG_NONE, make_new, block_make_new, print,
    block_print, attr, block_attr, locals_dict, &block_locals);
