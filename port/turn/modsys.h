// modsys.h - the additions to sys: CPython's switch interval (turn.h).

#ifndef PYMNET_TURN_MODSYS_H
#define PYMNET_TURN_MODSYS_H

extern const mp_obj_fun_builtin_fixed_t turn_setswitchinterval_obj, turn_getswitchinterval_obj;

#define MICROPY_PY_SYS_EXTRA_GLOBALS                                                                                   \
    {MP_ROM_QSTR(MP_QSTR_setswitchinterval), MP_ROM_PTR(&turn_setswitchinterval_obj)},                                 \
        {MP_ROM_QSTR(MP_QSTR_getswitchinterval), MP_ROM_PTR(&turn_getswitchinterval_obj)},

#endif // PYMNET_TURN_MODSYS_H
