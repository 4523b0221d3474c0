// fiber.c - the life of a fiber and the switch: the interpreter keeps what belongs to a thread in
// mp_state_ctx.thread, which is swapped with the C stack (docs/adr/0001), so the VM itself pays nothing. No
// wait queues, no clock in here.

#include <string.h>
#include "py/runtime.h"
#include "py/gc.h"
#include "internal.h"

fiber_state_t fibers;

// A finishing fiber cannot free the stack that it stands on; the next one to run does it.
static void *zombie_stack;
static size_t zombie_size;

static void bury_zombie(void) {
    if (zombie_stack != NULL) {
        fiber_stack_release(zombie_stack, zombie_size);
        zombie_stack = NULL;
    }
}

static fiber_t *fiber_new(size_t n_args, const mp_obj_t *fun_and_args) {
    fiber_t *f = m_new_obj_var(fiber_t, call, mp_obj_t, n_args + 1);
    memset(f, 0, offsetof(fiber_t, call));
    f->timer.base.type = &fiber_type;
    f->value = f->name = f->task = f->result = f->exception = mp_const_none;
    f->thrown = MP_OBJ_NULL;
    f->n_args = n_args;
    memcpy(f->call, fun_and_args, (n_args + 1) * sizeof(mp_obj_t));
    return f;
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

// The caller becomes the root fiber. Importing a built-in module twice runs its initialiser twice.
void fiber_init(void) {
    if (fibers.root == NULL) {
        mp_obj_t nothing = mp_const_none;
        fiber_t *f = fiber_new(0, &nothing);
        f->status = FIBER_RUNNING;
        fibers.root = fibers.current = f;
        link_live(f);
    }
}

void fiber_make_ready(fiber_t *f) {
    f->status = FIBER_READY;
    fiber_queue_push(&fibers.ready, f);
    fibers.n_ready++;
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
    fibers.current = to;
    to->status = FIBER_RUNNING;
    fibers.n_switches++;
    fiber_context_switch(&from->sp, to->sp);
    bury_zombie();
}

// While the heap is locked or being swept another fiber could not allocate, and would corrupt the sweep if it
// did; in a callback of MicroPython's own scheduler it would leave that locked.
void fiber_check_can_switch(void) {
    bool locked = gc_is_locked();
#if MICROPY_ENABLE_SCHEDULER
    locked = locked || MP_STATE_VM(sched_state) == MP_SCHED_LOCKED;
#endif
    if (locked) {
        mp_raise_msg(&mp_type_RuntimeError,
            MP_ERROR_TEXT("can't switch fibers in a finaliser or with the heap locked"));
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

void fiber_yield(void) {
    fiber_check_can_switch();
    if (fibers.n_ready != 0) {
        fiber_make_ready(fibers.current);
        fiber_switch_away();
    }
}

// What nobody is waiting for must not vanish silently; sys.exit() in a fiber ends just that fiber, as in a
// thread.
static void report(fiber_t *f) {
    mp_obj_base_t *exc = MP_OBJ_TO_PTR(f->exception);
    if (mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(exc->type), MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        return;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_printf(MICROPY_ERROR_PRINTER, "Unhandled exception in fiber ");
        mp_obj_print_helper(MICROPY_ERROR_PRINTER, f->name, PRINT_STR);
        mp_printf(MICROPY_ERROR_PRINTER, "\n");
        mp_obj_print_exception(MICROPY_ERROR_PRINTER, f->exception);
        nlr_pop();
    } // a __str__ that raises cuts its own report short, no more
}

static __attribute__((noreturn)) void finish(fiber_t *f) {
    f->status = FIBER_DONE;
    f->thrown = MP_OBJ_NULL;
    memset(f->call, 0, (f->n_args + 1) * sizeof(mp_obj_t));
    unlink_live(f);
    zombie_stack = f->stack;
    zombie_size = f->stack_size;
    f->stack = NULL;
    if (fibers.n_ready == 0) {
        fiber_throw(fibers.root,
            mp_obj_new_exception_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("every fiber is parked")));
    }
    switch_to(pop_ready());
    MP_UNREACHABLE
}

static void entry(void) {
    bury_zombie();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        fiber_t *f = fibers.current;
        f->result = mp_call_function_n_kw(f->call[0], f->n_args, 0, f->call + 1);
        nlr_pop();
    } else {
        fibers.current->exception = MP_OBJ_FROM_PTR(nlr.ret_val);
        report(fibers.current);
    }
    finish(fibers.current);
}

// Gives it a stack and the state of a thread that starts here; false: no memory.
static bool prepare(fiber_t *f) {
    f->stack = fiber_stack_take(&f->stack_size);
    if (f->stack == NULL) {
        return false;
    }
    char *top = (char *)f->stack + f->stack_size;
    f->thread.stack_top = top;
    f->thread.stack_limit = f->stack_size - FIBER_STACK_MARGIN;
    f->thread.dict_locals = mp_locals_get();
    f->thread.dict_globals = mp_globals_get();
    f->thread.mp_pending_exception = MP_OBJ_NULL;
    f->sp = fiber_context_new(top, entry);
    return true;
}

fiber_t *fiber_spawn(size_t n_args, const mp_obj_t *fun_and_args) {
    fiber_t *f = fiber_new(n_args, fun_and_args);
    if (!prepare(f)) {
        mp_raise_msg(&mp_type_MemoryError, MP_ERROR_TEXT("no memory for a fiber's stack"));
    }
    link_live(f);
    fiber_make_ready(f);
    return f;
}

void fiber_gc_scan(void) {
    gc_collect_root((void **)&fibers.live, 1);
    for (fiber_t *f = fibers.live; f != NULL; f = f->older) {
        if (f != fibers.current) {
            gc_collect_root(f->sp, ((uintptr_t)f->thread.stack_top - (uintptr_t)f->sp) / sizeof(void *));
        }
    }
}
