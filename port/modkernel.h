// modkernel.h - the types of the module `_mkernel`.

#ifndef PYMNET_MODKERNEL_H
#define PYMNET_MODKERNEL_H

#include "py/obj.h"

extern const mp_obj_type_t mkernel_net_type;

#endif // PYMNET_MODKERNEL_H
