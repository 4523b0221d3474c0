// turn_virtual.c - time for the turns of fibers (turn.h) in MicroPython's unix build: virtual as in all its tests
// (tests/shims/_mkernel.py), so that computing takes the same time on every machine.

#include "py/runtime.h"
#include "turn/turn.h"

#define NS_PER_LOOK 100000

static uint64_t computed, taken;

uint64_t turn_clock(void) {
    return computed += NS_PER_LOOK;
}

void turn_watch(uint64_t now, uint64_t of_turn) {
    (void)now;
    (void)of_turn;
}

// take() -> nanoseconds of computing since the last call
static mp_obj_t virtual_take(void) {
    uint64_t time = computed - taken;
    taken = computed;
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)time);
}
static MP_DEFINE_CONST_FUN_OBJ_0(virtual_take_obj, virtual_take);

static const mp_rom_map_elem_t virtual_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__virtual)},
    {MP_ROM_QSTR(MP_QSTR_take), MP_ROM_PTR(&virtual_take_obj)},
};
static MP_DEFINE_CONST_DICT(virtual_globals, virtual_globals_table);

const mp_obj_module_t virtual_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&virtual_globals,
};
MP_REGISTER_MODULE(MP_QSTR__virtual, virtual_module);
