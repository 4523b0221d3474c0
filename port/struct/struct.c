// struct.c - packing and unpacking, and the type Struct.

#include <string.h>

#include "py/objtuple.h"
#include "py/runtime.h"
#include "format.h"

typedef struct {
    mp_obj_base_t base;
    mp_obj_t format;
    size_t size, values;
} struct_t;

typedef struct {
    mp_obj_base_t base;
    mp_fun_1_t next;
    struct_t *format;
    mp_obj_t buffer;
    size_t offset;
} iterator_t;

// Returns a Struct, made of its format if it is not one yet.
static const struct_t *struct_of(mp_obj_t format, struct_t *room) {
    mp_obj_t native = mp_obj_is_type(format, &struct_type)
        ? format
        : mp_obj_cast_to_native_base(format, MP_OBJ_FROM_PTR(&struct_type));
    if (native != MP_OBJ_NULL && mp_obj_is_type(native, &struct_type)) {
        return MP_OBJ_TO_PTR(native);
    }
    *room = (struct_t) {.base = {&struct_type}, .format = format};
    room->size = format_size(format, &room->values);
    return room;
}

static void pack(const struct_t *self, byte *data, const mp_obj_t *args) {
    format_t format = format_begin(self->format);
    item_t item;
    memset(data, 0, self->size);
    while (format_next(&format, &item)) {
        for (size_t i = 0; i < item.count; i++) {
            item_pack(&item, data + item.offset + i * item.size, *args++);
        }
    }
}

static void check_values(const struct_t *self, const char *name, size_t n_args) {
    if (n_args != self->values) {
        struct_error(MP_ERROR_TEXT("%s expected %d items for packing (got %d)"), name, (int)self->values, (int)n_args);
    }
}

mp_obj_t struct_pack(mp_obj_t format, size_t n_args, const mp_obj_t *args) {
    struct_t room;
    const struct_t *self = struct_of(format, &room);
    check_values(self, "pack", n_args);
    vstr_t bytes;
    vstr_init_len(&bytes, self->size);
    pack(self, (byte *)bytes.buf, args);
    return mp_obj_new_bytes_from_vstr(&bytes);
}

// Returns the offset in a buffer, counted from its end if it is negative.
static size_t offset_in(const struct_t *self, mp_int_t offset, size_t length, bool packs) {
    const char *verb = packs ? "pack" : "unpack";
    if (offset < 0) {
        if ((size_t)-offset < self->size) {
            struct_error(packs ? MP_ERROR_TEXT("no space to pack %d bytes at offset %d")
                               : MP_ERROR_TEXT("not enough data to unpack %d bytes"),
                (int)self->size, (int)offset);
        }
        if ((size_t)-offset > length) {
            struct_error(MP_ERROR_TEXT("offset %d out of range for %d-byte buffer"), (int)offset, (int)length);
        }
        offset += length;
    }
    if ((size_t)offset > length || length - offset < self->size) {
        struct_error(
            MP_ERROR_TEXT(
                "%s requires a buffer of at least %u bytes for %sing %d bytes at offset %d (actual buffer size is %d)"),
            packs ? "pack_into" : "unpack_from", (unsigned)(self->size + offset), verb, (int)self->size, (int)offset,
            (int)length);
    }
    return offset;
}

// pack_into(buffer, offset, value ...)
mp_obj_t struct_pack_into(mp_obj_t format, size_t n_args, const mp_obj_t *args) {
    struct_t room;
    const struct_t *self = struct_of(format, &room);
    if (n_args < 2) {
        struct_error(n_args == 0 ? MP_ERROR_TEXT("pack_into expected buffer argument")
                                 : MP_ERROR_TEXT("pack_into expected offset argument"));
    }
    check_values(self, "pack_into", n_args - 2);
    mp_buffer_info_t info;
    mp_get_buffer_raise(args[0], &info, MP_BUFFER_WRITE);
    size_t offset = offset_in(self, mp_obj_get_int(args[1]), info.len, true);
    byte *bytes = m_new(byte, self->size); // the value packed last may raise, or shorten the buffer
    pack(self, bytes, args + 2);
    mp_get_buffer_raise(args[0], &info, MP_BUFFER_WRITE);
    if (info.len < self->size || offset > info.len - self->size) {
        struct_error(MP_ERROR_TEXT("the buffer has changed"));
    }
    memcpy((byte *)info.buf + offset, bytes, self->size);
    m_del(byte, bytes, self->size);
    return mp_const_none;
}

static mp_obj_t unpack(const struct_t *self, const byte *data) {
    mp_obj_tuple_t *values = MP_OBJ_TO_PTR(mp_obj_new_tuple(self->values, NULL));
    format_t format = format_begin(self->format);
    item_t item;
    size_t n = 0;
    while (format_next(&format, &item)) {
        for (size_t i = 0; i < item.count; i++) {
            values->items[n++] = item_unpack(&item, data + item.offset + i * item.size);
        }
    }
    return MP_OBJ_FROM_PTR(values);
}

mp_obj_t struct_unpack(mp_obj_t format, mp_obj_t buffer) {
    struct_t room;
    const struct_t *self = struct_of(format, &room);
    mp_buffer_info_t info;
    mp_get_buffer_raise(buffer, &info, MP_BUFFER_READ);
    if (info.len != self->size) {
        struct_error(MP_ERROR_TEXT("unpack requires a buffer of %d bytes"), (int)self->size);
    }
    return unpack(self, info.buf);
}

mp_obj_t struct_unpack_from(mp_obj_t format, size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    static const mp_arg_t ALLOWED[] = {
        {MP_QSTR_buffer, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}},
        {MP_QSTR_offset, MP_ARG_INT, {.u_int = 0}},
    };
    mp_arg_val_t values[MP_ARRAY_SIZE(ALLOWED)];
    mp_arg_parse_all(n_args, args, kw_args, MP_ARRAY_SIZE(ALLOWED), ALLOWED, values);
    struct_t room;
    const struct_t *self = struct_of(format, &room);
    mp_buffer_info_t info;
    mp_get_buffer_raise(values[0].u_obj, &info, MP_BUFFER_READ);
    return unpack(self, (const byte *)info.buf + offset_in(self, values[1].u_int, info.len, false));
}

static mp_obj_t iterator_next(mp_obj_t self_in) {
    iterator_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t info;
    mp_get_buffer_raise(self->buffer, &info, MP_BUFFER_READ);
    size_t offset = self->offset;
    if (offset >= info.len || info.len - offset < self->format->size) {
        return MP_OBJ_STOP_ITERATION;
    }
    self->offset = offset + self->format->size;
    return unpack(self->format, (const byte *)info.buf + offset);
}

mp_obj_t struct_iter_unpack(mp_obj_t format, mp_obj_t buffer) {
    struct_t *self = m_new_obj(struct_t);
    *self = *struct_of(format, self);
    mp_buffer_info_t info;
    mp_get_buffer_raise(buffer, &info, MP_BUFFER_READ);
    if (self->size == 0) {
        struct_error(MP_ERROR_TEXT("cannot iteratively unpack with a struct of length 0"));
    }
    if (info.len % self->size != 0) {
        struct_error(MP_ERROR_TEXT("iterative unpacking requires a buffer of a multiple of %d bytes"), (int)self->size);
    }
    iterator_t *iterator = m_new_obj(iterator_t);
    *iterator =
        (iterator_t) {.base = {&mp_type_polymorph_iter}, .next = iterator_next, .format = self, .buffer = buffer};
    return MP_OBJ_FROM_PTR(iterator);
}

static mp_obj_t struct_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    static const mp_arg_t ALLOWED[] = {{MP_QSTR_format, MP_ARG_OBJ | MP_ARG_REQUIRED, {0}}};
    mp_arg_val_t format;
    mp_arg_parse_all_kw_array(n_args, n_kw, args, 1, ALLOWED, &format);
    struct_t *self = mp_obj_malloc(struct_t, type);
    self->format = format.u_obj;
    self->size = format_size(format.u_obj, &self->values);
    return MP_OBJ_FROM_PTR(self);
}

static void struct_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
    struct_t room;
    const struct_t *self = struct_of(self_in, &room);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (attr == MP_QSTR_size) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->size);
    } else if (attr == MP_QSTR_format) {
        size_t length;
        const char *text = mp_obj_str_get_data(self->format, &length);
        dest[0] = mp_obj_new_str(text, length);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // the methods
    }
}

// Functions of the module and methods of Struct alike.

static mp_obj_t method_pack(size_t n_args, const mp_obj_t *args) {
    return struct_pack(args[0], n_args - 1, args + 1);
}
MP_DEFINE_CONST_FUN_OBJ_VAR(struct_pack_obj, 1, method_pack);

static mp_obj_t method_pack_into(size_t n_args, const mp_obj_t *args) {
    return struct_pack_into(args[0], n_args - 1, args + 1);
}
MP_DEFINE_CONST_FUN_OBJ_VAR(struct_pack_into_obj, 1, method_pack_into);

static mp_obj_t method_unpack_from(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return struct_unpack_from(args[0], n_args - 1, args + 1, kw_args);
}
MP_DEFINE_CONST_FUN_OBJ_KW(struct_unpack_from_obj, 1, method_unpack_from);

MP_DEFINE_CONST_FUN_OBJ_2(struct_unpack_obj, struct_unpack);
MP_DEFINE_CONST_FUN_OBJ_2(struct_iter_unpack_obj, struct_iter_unpack);

static const mp_rom_map_elem_t struct_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_pack), MP_ROM_PTR(&struct_pack_obj)},
    {MP_ROM_QSTR(MP_QSTR_pack_into), MP_ROM_PTR(&struct_pack_into_obj)},
    {MP_ROM_QSTR(MP_QSTR_unpack), MP_ROM_PTR(&struct_unpack_obj)},
    {MP_ROM_QSTR(MP_QSTR_unpack_from), MP_ROM_PTR(&struct_unpack_from_obj)},
    {MP_ROM_QSTR(MP_QSTR_iter_unpack), MP_ROM_PTR(&struct_iter_unpack_obj)},
};
static MP_DEFINE_CONST_DICT(struct_locals, struct_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(struct_type, MP_QSTR_Struct, MP_TYPE_FLAG_NONE, make_new, struct_make_new, attr, struct_attr,
    locals_dict, &struct_locals);
