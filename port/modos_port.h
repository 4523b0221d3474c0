// modos_port.h - included by extmod/modos.c: os.urandom().

#include "crypto/random.h"

static mp_obj_t mp_os_urandom(mp_obj_t size) {
    vstr_t bytes;
    mp_int_t length = mp_obj_get_int(size);
    if (length < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("negative argument not allowed"));
    }
    vstr_init_len(&bytes, (size_t)length);
    random_bytes(bytes.buf, (size_t)length);
    return mp_obj_new_bytes_from_vstr(&bytes);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mp_os_urandom_obj, mp_os_urandom);
