// runtime.h - the runtime's own state, shared by main.c and the `_mkernel` module.

#ifndef PYMNET_RUNTIME_H
#define PYMNET_RUNTIME_H

#include "platform.h"
#include "py/obj.h"

extern struct runtime {
    const struct boot *boot;
    size_t memory_size, heap_size;
} runtime;

// Runs the frozen main.py as `__main__`; its exceptions propagate to the caller.
mp_obj_t runtime_run_main(void);

// Writes the console out and ends the machine.
_Noreturn void runtime_exit(int code);

#endif // PYMNET_RUNTIME_H
