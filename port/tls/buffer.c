// buffer.c - Buffer: records that have come, or that are to go. As `ssl.MemoryBIO`.

#include <string.h>

#include "tls.h"
#include "py/runtime.h"

#define LEAST 512
#define KEPT 1024 // an empty buffer that is larger gives its memory back

static tls_buffer_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

tls_buffer_t *tls_buffer_new(void) {
    tls_buffer_t *self = mp_obj_malloc_with_finaliser(tls_buffer_t, &tls_buffer_type);
    self->data = NULL;
    self->start = self->end = self->size = 0;
    self->eof = false;
    return self;
}

static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type, (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    return MP_OBJ_FROM_PTR(tls_buffer_new());
}

// Sessions do not account for it: the program bounds what it writes and does not send.
static void set_memory(tls_buffer_t *self, byte *data, size_t size) {
    tls_account_t *before = tls_account(NULL);
    tls_free(self->data);
    tls_account(before);
    self->data = data;
    self->size = size;
}

static bool make_room(tls_buffer_t *self, size_t used, size_t length) {
    if (length > SIZE_MAX / 4 - used) {
        return false;
    }
    if (used + length <= self->size) {
        memmove(self->data, self->data + self->start, used);
    } else {
        size_t wanted = MAX(MAX(LEAST, used + length), used > 0 ? 2 * self->size : 0);
        tls_account_t *before = tls_account(NULL);
        byte *made = tls_calloc(1, wanted);
        tls_account(before);
        if (made == NULL) {
            return false;
        }
        if (used > 0) {
            memcpy(made, self->data + self->start, used);
        }
        set_memory(self, made, wanted);
    }
    self->start = 0;
    self->end = used;
    return true;
}

bool tls_buffer_put(tls_buffer_t *self, const void *data, size_t length) {
    if (length > self->size - self->end && !make_room(self, self->end - self->start, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(self->data + self->end, data, length);
    }
    self->end += length;
    return true;
}

size_t tls_buffer_take(tls_buffer_t *self, void *data, size_t length) {
    length = MIN(length, self->end - self->start);
    if (length > 0) {
        memcpy(data, self->data + self->start, length);
    }
    self->start += length;
    if (self->start == self->end) {
        self->start = self->end = 0;
        if (self->size > KEPT) {
            set_memory(self, NULL, 0);
        }
    }
    return length;
}

// read(size=-1): at most that many bytes.
static mp_obj_t buffer_read(size_t n_args, const mp_obj_t *args) {
    tls_buffer_t *self = self_of(args[0]);
    mp_int_t size = n_args > 1 && args[1] != mp_const_none ? mp_obj_get_int(args[1]) : -1;
    size_t length = self->end - self->start;
    length = size < 0 ? length : MIN(length, (size_t)size);
    vstr_t bytes;
    vstr_init_len(&bytes, length);
    bytes.len = tls_buffer_take(self, bytes.buf, length);
    return mp_obj_new_bytes_from_vstr(&bytes);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(read_obj, 1, 2, buffer_read);

// peek(size): the next bytes, which stay.
static mp_obj_t buffer_peek(mp_obj_t self_in, mp_obj_t size) {
    tls_buffer_t *self = self_of(self_in);
    size_t length = MIN(self->end - self->start, (size_t)MAX(0, mp_obj_get_int(size)));
    return length == 0 ? mp_const_empty_bytes : mp_obj_new_bytes(self->data + self->start, length);
}
static MP_DEFINE_CONST_FUN_OBJ_2(peek_obj, buffer_peek);

// discard(size): takes the next bytes away, which peek() has shown.
static mp_obj_t buffer_discard(mp_obj_t self_in, mp_obj_t size) {
    tls_buffer_t *self = self_of(self_in);
    size_t length = MIN(self->end - self->start, (size_t)MAX(0, mp_obj_get_int(size)));
    byte last;
    self->start += length > 0 ? length - 1 : 0;
    tls_buffer_take(self, &last, length > 0);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(discard_obj, buffer_discard);

static mp_obj_t buffer_write(mp_obj_t self, mp_obj_t data) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(data, &info, MP_BUFFER_READ);
    if (!tls_buffer_put(self_of(self), info.buf, info.len)) {
        mp_raise_msg(&mp_type_MemoryError, NULL);
    }
    return mp_obj_new_int_from_uint(info.len);
}
static MP_DEFINE_CONST_FUN_OBJ_2(write_obj, buffer_write);

// end(): no more is written.
static mp_obj_t buffer_end(mp_obj_t self) {
    self_of(self)->eof = true;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(end_obj, buffer_end);

static mp_obj_t buffer_close(mp_obj_t self_in) {
    tls_buffer_t *self = self_of(self_in);
    set_memory(self, NULL, 0);
    self->start = self->end = 0;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(close_obj, buffer_close);

static void attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    tls_buffer_t *self = self_of(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // none can be set
    }
    if (name == MP_QSTR_size) {
        dest[0] = mp_obj_new_int_from_uint(self->end - self->start);
    } else if (name == MP_QSTR_eof) { // the end is known, and all before it is read
        dest[0] = mp_obj_new_bool(self->eof && self->start == self->end);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // a method
    }
}

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&close_obj)},
    {MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&read_obj)},
    {MP_ROM_QSTR(MP_QSTR_peek), MP_ROM_PTR(&peek_obj)},
    {MP_ROM_QSTR(MP_QSTR_discard), MP_ROM_PTR(&discard_obj)},
    {MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&write_obj)},
    {MP_ROM_QSTR(MP_QSTR_end), MP_ROM_PTR(&end_obj)},
    {MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&close_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    tls_buffer_type, MP_QSTR_Buffer, MP_TYPE_FLAG_NONE, make_new, make_new, attr, attribute, locals_dict, &locals);
