// gc_hook.c - lets the collector of MicroPython's unix build see parked fibers. Its gc_collect() offers no
// hook, but it calls gc_collect_end() in another object file, after the roots and before the sweep: just
// where fibers have to be scanned. The linker (--wrap) puts this in between; a port of our own calls
// fiber_gc_scan() itself.

#include "py/gc.h"
#include "fiber.h"

void __real_gc_collect_end(void);
void __wrap_gc_collect_end(void);

void __wrap_gc_collect_end(void) {
    fiber_gc_scan();
    __real_gc_collect_end();
}
