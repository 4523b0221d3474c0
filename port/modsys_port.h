// modsys_port.h - additions of this port to sys: CPython's switch interval (watch.h).

#ifndef PYMNET_MODSYS_PORT_H
#define PYMNET_MODSYS_PORT_H

extern const mp_obj_fun_builtin_fixed_t watch_setswitchinterval_obj, watch_getswitchinterval_obj;

#define MICROPY_PY_SYS_EXTRA_GLOBALS                                                                                   \
    {MP_ROM_QSTR(MP_QSTR_setswitchinterval), MP_ROM_PTR(&watch_setswitchinterval_obj)},                                \
        {MP_ROM_QSTR(MP_QSTR_getswitchinterval), MP_ROM_PTR(&watch_getswitchinterval_obj)},

#endif // PYMNET_MODSYS_PORT_H
