// modkernel.h - the types of the module `_mkernel`, and their shared functions.

#ifndef PYMNET_MODKERNEL_H
#define PYMNET_MODKERNEL_H

#include "manifest.h"
#include "py/obj.h"

extern const mp_obj_type_t mkernel_net_type, mkernel_block_type;

// "net", "block"; NULL for any other type.
const char *mkernel_kind(uint32_t type);

// Returns the handle of the device with that type and name. OSError(ENODEV) lists the known names.
unsigned mkernel_find(enum manifest_type type, mp_obj_t name);

// Raises an error returned by a platform's open call as OSError.
void mkernel_check_open(enum manifest_type type, mp_obj_t name, int error);

#endif // PYMNET_MODKERNEL_H
