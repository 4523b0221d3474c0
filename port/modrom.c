// modrom.c - the module `_rom`, of images with read-only files: their data, where the image has it. The build writes
// `rom_data` (host/build/files.py); weak, because Unikraft links what other images leave in the library.

#include "py/objtuple.h"
#include "py/runtime.h"

extern const mp_rom_obj_tuple_t rom_data MP_WEAK;

static const mp_rom_map_elem_t rom_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__rom)},
    {MP_ROM_QSTR(MP_QSTR_data), MP_ROM_PTR(&rom_data)},
};
static MP_DEFINE_CONST_DICT(rom_globals, rom_globals_table);

const mp_obj_module_t rom_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&rom_globals,
};
MP_REGISTER_MODULE(MP_QSTR__rom, rom_module);
