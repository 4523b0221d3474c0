// fat.c - stub for the file system (extmod/vfs_fat.c, lib/oofatfs), in images without a block device for it.

#include "extmod/vfs_fat.h"
#include "py/runtime.h"

static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    (void)n_args;
    (void)n_kw;
    (void)args;
    mp_raise_NotImplementedError(MP_ERROR_TEXT("files need a [[block]] in unikernel.toml"));
}

MP_DEFINE_CONST_OBJ_TYPE(mp_fat_vfs_type, MP_QSTR_VfsFat, MP_TYPE_FLAG_NONE, make_new, make_new);
