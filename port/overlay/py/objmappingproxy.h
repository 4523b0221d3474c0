// objmappingproxy.h - views of mappings that cannot change them.

#ifndef PYMNET_OBJMAPPINGPROXY_H
#define PYMNET_OBJMAPPINGPROXY_H

#include "py/obj.h"

mp_obj_t mp_obj_new_mappingproxy(mp_obj_t of);

// The __dict__ of a class. That of a native type is made each time, with its operations and extensions.
mp_obj_t mp_obj_type_namespace(const mp_obj_type_t *type);

extern const mp_obj_type_t mp_type_mappingproxy;

#endif // PYMNET_OBJMAPPINGPROXY_H
