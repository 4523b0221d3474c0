// weak.h - what does not keep an object alive: weak references, the list of all classes; and __del__() of instances.
//
// Addresses are kept inverted, so that the collector does not see them. When it has marked what can be reached it calls
// mp_weak_marked(), which forgets the rest; callbacks and __del__() run later, from the interpreter's loop.

#ifndef PYMNET_WEAK_H
#define PYMNET_WEAK_H

#include "py/obj.h"

// Called by the collector between marking and sweeping; `is_marked` takes any pointer.
void mp_weak_marked(bool (*is_marked)(const void *));

// An instance that cannot be reached and whose class has __del__(): the collector keeps it once more.
void mp_weak_finalise(void *instance);

// Runs callbacks and __del__() that wait. They may do anything; an exception is printed.
void mp_weak_run(void);

// A class was made.
void mp_weak_add_class(const mp_obj_type_t *type);

// The classes made so far that are alive, the oldest first, as a list.
mp_obj_t mp_weak_classes(void);

// The instance of a class that derives from ref, of which this reference is the native part.
void mp_weak_set_outer(mp_obj_t ref, mp_obj_t outer);

extern const mp_obj_type_t mp_type_weakref;

#endif // PYMNET_WEAK_H
