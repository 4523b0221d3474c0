// modstruct.c - the module `struct`, as CPython's.

#include "py/objexcept.h"
#include "py/runtime.h"
#include "format.h"

MP_DEFINE_CONST_OBJ_TYPE(mp_type_error, MP_QSTR_error, MP_TYPE_FLAG_NONE, make_new, mp_obj_exception_make_new, print,
    mp_obj_exception_print, attr, mp_obj_exception_attr, parent, &mp_type_Exception);

static mp_obj_t calcsize(mp_obj_t format) {
    size_t values;
    return MP_OBJ_NEW_SMALL_INT(format_size(format, &values));
}
static MP_DEFINE_CONST_FUN_OBJ_1(calcsize_obj, calcsize);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_struct)},
    {MP_ROM_QSTR(MP_QSTR_error), MP_ROM_PTR(&mp_type_error)},
    {MP_ROM_QSTR(MP_QSTR_Struct), MP_ROM_PTR(&struct_type)},
    {MP_ROM_QSTR(MP_QSTR_calcsize), MP_ROM_PTR(&calcsize_obj)},
    {MP_ROM_QSTR(MP_QSTR_pack), MP_ROM_PTR(&struct_pack_obj)},
    {MP_ROM_QSTR(MP_QSTR_pack_into), MP_ROM_PTR(&struct_pack_into_obj)},
    {MP_ROM_QSTR(MP_QSTR_unpack), MP_ROM_PTR(&struct_unpack_obj)},
    {MP_ROM_QSTR(MP_QSTR_unpack_from), MP_ROM_PTR(&struct_unpack_from_obj)},
    {MP_ROM_QSTR(MP_QSTR_iter_unpack), MP_ROM_PTR(&struct_iter_unpack_obj)},
};
static MP_DEFINE_CONST_DICT(struct_globals, globals_table);

const mp_obj_module_t mp_module_struct = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&struct_globals,
};
MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_struct, mp_module_struct);
