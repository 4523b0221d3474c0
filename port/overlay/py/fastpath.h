// fastpath.h - the common cases of the interpreter's loop (py/vm.c), inline. What they decline takes the general path, with
// the same result.

#ifndef PYMNET_FASTPATH_H
#define PYMNET_FASTPATH_H

#include "py/mpstate.h"
#include "py/objtype.h"

// The cache of positions ----------------------------------------------------------------------------------------------

#if MICROPY_OPT_MAP_LOOKUP_CACHE

// The position where a key was found last, in any map. The shift drops the tag of an interned string.
static inline uint8_t *map_cache_entry(mp_const_obj_t key) {
    return &MP_STATE_VM(map_lookup_cache)[((uintptr_t)key >> 3) % MICROPY_OPT_MAP_LOOKUP_CACHE_SIZE];
}

// The key's element if it is at the cached position, else NULL.
static inline mp_map_elem_t *map_cached(const mp_map_t *map, mp_const_obj_t key) {
    size_t position = *map_cache_entry(key);
    if (MP_LIKELY(position < map->alloc) && MP_LIKELY(map->table[position].key == key)) {
        return &map->table[position];
    }
    return NULL;
}

#else

static inline mp_map_elem_t *map_cached(const mp_map_t *map, mp_const_obj_t key) {
    (void)map;
    (void)key;
    return NULL;
}

#endif

// Attributes ----------------------------------------------------------------------------------------------------------

// The instance of a class written in Python whose type has none of these flags; NULL for every other object.
static inline mp_obj_instance_t *plain_instance(mp_obj_t o, unsigned int flags) {
    if (!mp_obj_is_obj(o)) {
        return NULL;
    }
    mp_obj_instance_t *self = MP_OBJ_TO_PTR(o);
    return (self->base.type->flags & (MP_TYPE_FLAG_INSTANCE_TYPE | flags)) == MP_TYPE_FLAG_INSTANCE_TYPE ? self : NULL;
}

// The attribute in the instance's own members; NULL if it is not there.
static inline mp_map_elem_t *instance_member(mp_obj_t o, qstr attr) {
    mp_obj_instance_t *self = plain_instance(o, MP_TYPE_FLAG_GETATTRIBUTE);
    if (self == NULL) {
        return NULL;
    }
    mp_map_elem_t *elem = map_cached(&self->members, MP_OBJ_NEW_QSTR(attr));
    if (elem == NULL && MP_UNLIKELY(self->members.is_elsewhere)) {
        return NULL; // the dictionary may have what a data descriptor hides
    }
    return elem != NULL ? elem : mp_map_lookup(&self->members, MP_OBJ_NEW_QSTR(attr), MP_MAP_LOOKUP);
}

// Assigns to an attribute that the instance already has; no value means that it is to be deleted.
static inline bool instance_member_replaced(mp_obj_t o, qstr attr, mp_obj_t value) {
    mp_obj_instance_t *self = plain_instance(o, MP_TYPE_FLAG_HAS_SPECIAL_ACCESSORS);
    mp_map_elem_t *elem = self == NULL ? NULL : map_cached(&self->members, MP_OBJ_NEW_QSTR(attr));
    if (elem == NULL || value == MP_OBJ_NULL) {
        return false;
    }
    elem->value = value;
    return true;
}

// The function that o.attr() calls if the class itself defines it, else MP_OBJ_NULL: inherited methods take the general path.
static inline mp_obj_t instance_method(mp_obj_t o, qstr attr) {
    mp_obj_instance_t *self = plain_instance(o, MP_TYPE_FLAG_GETATTRIBUTE);
    if (self == NULL) {
        return MP_OBJ_NULL;
    }
    mp_obj_dict_t *class_dict = MP_OBJ_TYPE_GET_SLOT(self->base.type, locals_dict);
    mp_map_elem_t *elem = map_cached(&class_dict->map, MP_OBJ_NEW_QSTR(attr));
    if (elem == NULL || !mp_obj_is_obj(elem->value)) {
        return MP_OBJ_NULL;
    }
    const mp_obj_type_t *type = ((mp_obj_base_t *)MP_OBJ_TO_PTR(elem->value))->type;
    if ((type->flags & (MP_TYPE_FLAG_BINDS_SELF | MP_TYPE_FLAG_BUILTIN_FUN)) != MP_TYPE_FLAG_BINDS_SELF
        || mp_map_lookup(&self->members, MP_OBJ_NEW_QSTR(attr), MP_MAP_LOOKUP) != NULL) {
        return MP_OBJ_NULL;
    }
    return elem->value;
}

// Truth ---------------------------------------------------------------------------------------------------------------

static inline bool is_true(mp_obj_t o) {
    return o == mp_const_true || (o != mp_const_false && mp_obj_is_true(o));
}

#endif // PYMNET_FASTPATH_H
