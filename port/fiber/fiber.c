// fiber.c - creation, switch and end of fibers. The interpreter keeps per-thread state in
// mp_state_ctx.thread, which is swapped with the C stack (docs/adr/0001), so the VM itself pays nothing.
// Waits are in park.c, above.

#include <string.h>
#include "py/runtime.h"
#include "py/gc.h"
#include "internal.h"

const void *fiber_calls;

static fiber_t root; // the others are allocated

// A fiber at its end is still needed for its last switch; the next fiber to run frees it.
static fiber_t *zombie;

static void bury_zombie(void) {
    if (zombie != NULL) {
        fiber_frames_end(zombie);
        (void)fiber_piece_free(zombie);
        zombie = NULL;
    }
}

static fiber_obj_t *object_new(void) {
    fiber_obj_t *object = mp_obj_malloc(fiber_obj_t, &fiber_type);
    object->fiber = NULL;
    object->name = object->task = object->result = object->exception = mp_const_none;
    return object;
}

static void link_live(fiber_t *f) {
    f->older = fibers.live;
    if (fibers.live != NULL) {
        fibers.live->newer = f;
    }
    fibers.live = f;
    fibers.n_live++;
}

static void unlink_live(fiber_t *f) {
    if (f->newer != NULL) {
        f->newer->older = f->older;
    } else {
        fibers.live = f->older;
    }
    if (f->older != NULL) {
        f->older->newer = f->newer;
    }
    f->older = f->newer = NULL;
    fibers.n_live--;
}

static void fiber_set_up(fiber_t *f, fiber_obj_t *object) {
    f->value = mp_const_none;
    f->thrown = MP_OBJ_NULL;
    f->object = object;
    object->fiber = f;
    link_live(f);
}

// The caller becomes the root fiber. A built-in module imported twice is initialised twice.
void fiber_init(void) {
    if (fibers.root == NULL) {
        fiber_set_up(&root, object_new());
        root.status = FIBER_RUNNING;
        fibers.root = fibers.current = &root;
    }
}

static fiber_t *pop_ready(void) {
    fiber_t *f = fiber_queue_pop(&fibers.ready);
    if (f != NULL) {
        fibers.n_ready--;
    }
    return f;
}

static void switch_to(fiber_t *to) {
    fiber_t *from = fibers.current;
    from->thread = mp_state_ctx.thread;
    mp_state_ctx.thread = to->thread;
    from->calls = fiber_calls;
    fiber_calls = to->calls;
    fibers.current = to;
    to->status = FIBER_RUNNING;
    fibers.n_switches++;
    fiber_frames_switch(from, to);
    bury_zombie();
}

// While the heap is locked or being swept another fiber could not allocate, and would corrupt the sweep if it
// did; in a callback of MicroPython's own scheduler it would leave that locked.
bool fiber_switch_is_locked(void) {
    bool locked = gc_is_locked();
#if MICROPY_ENABLE_SCHEDULER
    locked = locked || MP_STATE_VM(sched_state) == MP_SCHED_LOCKED;
#endif
    return locked;
}

void fiber_check_can_switch(void) {
    if (fiber_switch_is_locked()) {
        mp_raise_msg(
            &mp_type_RuntimeError, MP_ERROR_TEXT("can't switch fibers in a finaliser or with the heap locked"));
    }
}

mp_obj_t fiber_switch_away(void) {
    fiber_t *to = pop_ready();
    fiber_t *me = fibers.current;
    if (to != me) {
        switch_to(to);
    }
    mp_obj_t value = me->value;
    me->value = mp_const_none;
    return value;
}

// Reserves memory for the frames of the running fiber before it waits.
void fiber_check_room(void) {
    if (fibers.current != fibers.root && !fiber_frames_room(fibers.current)) {
        mp_raise_msg(&mp_type_MemoryError, MP_ERROR_TEXT("no memory to keep a task's stack"));
    }
}

void fiber_yield(void) {
    fiber_check_can_switch();
    if (fibers.n_ready != 0) {
        fiber_check_room();
        fiber_make_ready(fibers.current);
        fiber_switch_away();
    }
}

size_t fiber_switches(void) {
    return fibers.n_switches;
}

const char *fiber_name(void) {
    if (fibers.current == NULL || fibers.current == fibers.root || !mp_obj_is_str(fibers.current->object->name)) {
        return "without a name";
    }
    return mp_obj_str_get_str(fibers.current->object->name);
}

static void interrupt(void (*push)(fiber_queue_t *, fiber_t *)) {
    fiber_t *me = fibers.current, *to = fibers.root;
    if (me == to || to == NULL || to->status != FIBER_READY || fiber_switch_is_locked() || !fiber_frames_room(me)) {
        return;
    }
    fiber_queue_remove(&fibers.ready, to);
    push(&fibers.ready, me);
    me->status = FIBER_READY;
    switch_to(to);
}

// At the front of the queue, it is the next fiber that runs after root yields.
void fiber_let_root_run(void) {
    interrupt(fiber_queue_push_front);
}

// Root runs first: the network does not wait for other fibers that compute.
void fiber_let_others_run(void) {
    interrupt(fiber_queue_push);
}

// Reports an exception that no fiber waits for; sys.exit() in a fiber ends only that fiber, as in a thread.
static void report(fiber_obj_t *object) {
    mp_obj_base_t *exc = MP_OBJ_TO_PTR(object->exception);
    if (mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(exc->type), MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        return;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_printf(MICROPY_ERROR_PRINTER, "Unhandled exception in fiber ");
        mp_obj_print_helper(MICROPY_ERROR_PRINTER, object->name, PRINT_STR);
        mp_printf(MICROPY_ERROR_PRINTER, "\n");
        mp_obj_print_exception(MICROPY_ERROR_PRINTER, object->exception);
        nlr_pop();
    } // a __str__ that raises truncates its own report only
}

static __attribute__((noreturn)) void finish(fiber_t *f) {
    f->object->fiber = NULL;
    unlink_live(f);
    fiber_frames_forget(f);
    zombie = f;
    if (fibers.n_ready == 0) {
        fiber_throw(
            fibers.root, mp_obj_new_exception_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("every fiber is parked")));
    }
    switch_to(pop_ready());
    MP_UNREACHABLE
}

static mp_obj_t call(fiber_t *f) {
    mp_obj_t fun = f->fun;
    size_t n_args;
    mp_obj_t *args;
    mp_obj_tuple_get(f->args, &n_args, &args);
    f->fun = f->args = mp_const_none;
    return mp_call_function_n_kw(fun, n_args, 0, args);
}

void fiber_entry(void) {
    bury_zombie();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        fibers.current->object->result = call(fibers.current);
        nlr_pop();
    } else {
        fibers.current->object->exception = MP_OBJ_FROM_PTR(nlr.ret_val);
        report(fibers.current->object);
    }
    finish(fibers.current);
}

// Allocates a fiber without frames; NULL: no memory. Live fibers may need one more piece each when they wait,
// and have priority.
static fiber_t *fiber_new(fiber_obj_t *object) {
    if (fiber_frames_top() == NULL || fiber_pieces_free() <= fibers.n_live) {
        return NULL;
    }
    fiber_t *f = fiber_piece_alloc();
    if (f == NULL) {
        return NULL;
    }
    memset(f, 0, sizeof(*f));
    fiber_set_up(f, object); // first, because the collector may run for a piece, and must find those before it
    if (!fiber_frames_begin(f)) {
        unlink_live(f);
        object->fiber = NULL;
        fiber_frames_end(f);
        (void)fiber_piece_free(f);
        return NULL;
    }
    return f;
}

fiber_t *fiber_spawn(mp_obj_t fun, mp_obj_t args, size_t depth) {
    fiber_obj_t *object = object_new();
    fiber_t *f = fiber_new(object);
    if (f == NULL) {
        return NULL;
    }
    f->fun = fun;
    f->args = args;
    f->thread.stack_top = fiber_frames_top();
    f->thread.stack_limit = MIN(depth, fiber_frames_depth()) - FIBER_STACK_MARGIN;
    f->thread.dict_locals = mp_locals_get();
    f->thread.dict_globals = mp_globals_get();
    f->thread.mp_pending_exception = MP_OBJ_NULL;
    fiber_make_ready(f);
    return f;
}

void fiber_gc_scan_words(const void *low, const void *high) {
    gc_collect_root((void **)low, ((uintptr_t)high - (uintptr_t)low) / sizeof(void *));
}

void fiber_gc_scan(void) {
    for (fiber_t *f = fibers.live; f != NULL; f = f->older) {
        fiber_gc_scan_words(f, f + 1);
        fiber_frames_mark(f);
        if (f != fibers.current) {
            fiber_frames_scan(f);
        }
    }
}
