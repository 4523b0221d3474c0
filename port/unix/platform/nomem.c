// nomem.c - lets a test have chosen allocations fail (tests/nomem), in MicroPython's unix build only. The linker
// (--wrap) puts these in front of the allocator's two entrances; calls inside py/gc.c are not seen, nor need they be.

#include <stdbool.h>
#include "counted.h"
#include "py/gc.h"
#include "py/runtime.h"

void *__real_gc_alloc(size_t n_bytes, unsigned int flags);
void *__real_gc_realloc(void *ptr, size_t n_bytes, bool allow_move);
void *__wrap_gc_alloc(size_t n_bytes, unsigned int flags);
void *__wrap_gc_realloc(void *ptr, size_t n_bytes, bool allow_move);

static bool counting;
static size_t count, first, last; // those from `first` on fail, but none after `last`
static size_t size;               // bytes allocated

bool nomem_counts(void) {
    return counting;
}

static bool fails(void) {
    if (!counting) {
        return false;
    }
    counted_allocation();
    return ++count >= first && count <= last;
}

void *__wrap_gc_alloc(size_t n_bytes, unsigned int flags) {
    size += counting ? n_bytes : 0;
    return fails() ? NULL : __real_gc_alloc(n_bytes, flags);
}

void *__wrap_gc_realloc(void *ptr, size_t n_bytes, bool allow_move) {
    bool grows = ptr == NULL || n_bytes > gc_nbytes(ptr);
    size += counting && grows ? n_bytes - (ptr == NULL ? 0 : gc_nbytes(ptr)) : 0;
    return grows && fails() ? NULL : __real_gc_realloc(ptr, n_bytes, allow_move);
}

// arm(n, k): of the allocations from now on the n-th fails, and the k-1 after it
static mp_obj_t nomem_arm(mp_obj_t n, mp_obj_t k) {
    first = (size_t)mp_obj_get_int(n);
    last = first + (size_t)mp_obj_get_int(k) - 1;
    count = size = 0;
    counting = true;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(nomem_arm_obj, nomem_arm);

// pause() -> whether they were counted: those that follow neither count nor fail
static mp_obj_t nomem_pause(void) {
    bool was = counting;
    counting = false;
    return mp_obj_new_bool(was);
}
static MP_DEFINE_CONST_FUN_OBJ_0(nomem_pause_obj, nomem_pause);

// resume(what pause() has returned)
static mp_obj_t nomem_resume(mp_obj_t was) {
    counting = was == mp_const_true;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(nomem_resume_obj, nomem_resume);

// count() -> allocations since arm()
static mp_obj_t nomem_count(void) {
    return MP_OBJ_NEW_SMALL_INT(count);
}
static MP_DEFINE_CONST_FUN_OBJ_0(nomem_count_obj, nomem_count);

// size() -> bytes allocated since arm()
static mp_obj_t nomem_size(void) {
    return MP_OBJ_NEW_SMALL_INT((mp_int_t)size);
}
static MP_DEFINE_CONST_FUN_OBJ_0(nomem_size_obj, nomem_size);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__nomem)},
    {MP_ROM_QSTR(MP_QSTR_arm), MP_ROM_PTR(&nomem_arm_obj)},
    {MP_ROM_QSTR(MP_QSTR_pause), MP_ROM_PTR(&nomem_pause_obj)},
    {MP_ROM_QSTR(MP_QSTR_resume), MP_ROM_PTR(&nomem_resume_obj)},
    {MP_ROM_QSTR(MP_QSTR_count), MP_ROM_PTR(&nomem_count_obj)},
    {MP_ROM_QSTR(MP_QSTR_size), MP_ROM_PTR(&nomem_size_obj)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t nomem_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};

MP_REGISTER_MODULE(MP_QSTR__nomem, nomem_module);
