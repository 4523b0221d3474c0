// modkernel.h - the types of the module `_mkernel`, and what they share.

#ifndef PYMNET_MODKERNEL_H
#define PYMNET_MODKERNEL_H

#include "manifest.h"
#include "py/obj.h"

extern const mp_obj_type_t mkernel_net_type, mkernel_block_type;

// "net", "block"; NULL for a type that is no device's.
const char *mkernel_kind(uint32_t type);

// The handle of the device with that type and name. OSError(ENODEV) that names the known ones when there is none.
unsigned mkernel_find(enum manifest_type type, mp_obj_t name);

// What a platform's open call returned, when it is an error: raised as OSError.
void mkernel_check_open(enum manifest_type type, mp_obj_t name, int error);

#endif // PYMNET_MODKERNEL_H
