// modkernel.c - the module `_mkernel`: the machine as Python sees it. Everything above it is Python (stack/mkernel).

#include <string.h>

#include "cmdline.h"
#include "console.h"
#include "crypto/random.h"
#include "genhdr/mpversion.h"
#include "modkernel.h"
#include "platform.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "py/smallint.h"
#include "runtime.h"
#include "stacks.h"
#include "turn/turn.h"
#include "watch.h"

// Without the arguments that the runtime itself handles.
static mp_obj_t mkernel_cmdline(void) {
    const char *arguments = runtime.boot->arguments, *taken = cmdline_find(arguments, INSECURE_ENTROPY);
    vstr_t text;
    vstr_init(&text, strlen(arguments) + 1);
    vstr_add_str(&text, arguments);
    if (taken != NULL) {
        vstr_cut_out_bytes(&text, (size_t)(taken - arguments), strlen(INSECURE_ENTROPY));
    }
    return mp_obj_new_str_from_vstr(&text);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_cmdline_obj, mkernel_cmdline);

// Nanoseconds are small integers for 146 years: the loop reads the clock every turn and must not allocate.
static mp_obj_t time_of(uint64_t ns) {
    return MP_SMALL_INT_FITS(ns) && ns <= INT64_MAX ? MP_OBJ_NEW_SMALL_INT((mp_int_t)ns) : mp_obj_new_int_from_ull(ns);
}

static mp_obj_t mkernel_clock_monotonic(void) {
    return time_of(platform_clock_monotonic());
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_clock_monotonic_obj, mkernel_clock_monotonic);

static mp_obj_t mkernel_clock_wall(void) {
    return time_of(platform_clock_wall());
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_clock_wall_obj, mkernel_clock_wall);

// poll(deadline_ns): -1 waits for a device only.
static mp_obj_t mkernel_poll(mp_obj_t deadline_in) {
    mp_int_t deadline = mp_obj_get_int(deadline_in);
    console_flush();
    platform_poll(deadline < 0 ? PLATFORM_FOREVER : (uint64_t)deadline);
    turn_slept();
    console_flush();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_poll_obj, mkernel_poll);

static mp_obj_t mkernel_random(mp_obj_t size) {
    mp_int_t length = mp_obj_get_int(size);
    if (length < 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("negative size"));
    }
    vstr_t bytes;
    vstr_init_len(&bytes, (size_t)length);
    random_bytes(bytes.buf, (size_t)length);
    return mp_obj_new_bytes_from_vstr(&bytes);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_random_obj, mkernel_random);

// devices() -> ((name, kind), ...) in the manifest's order
static mp_obj_t mkernel_devices(void) {
    const struct manifest *manifest = runtime.boot->manifest;
    mp_obj_t devices[MANIFEST_ENTRIES_MAX];
    size_t count = 0;
    for (unsigned i = 0; i < manifest_count(manifest); i++) {
        const struct manifest_entry *entry = &manifest->entry[i];
        const char *kind = mkernel_kind(entry->type);
        if (kind != NULL) {
            mp_obj_t pair[2] = {
                mp_obj_new_str(entry->name, strnlen(entry->name, sizeof(entry->name))),
                mp_obj_new_str(kind, strlen(kind)),
            };
            devices[count++] = mp_obj_new_tuple(2, pair);
        }
    }
    return mp_obj_new_tuple(count, devices);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_devices_obj, mkernel_devices);

// memory() -> (total, heap, stacks) in bytes; the rest of the total is page tables and device buffers
static mp_obj_t mkernel_memory(void) {
    mp_obj_t sizes[3] = {
        mp_obj_new_int_from_uint(runtime.memory_size),
        mp_obj_new_int_from_uint(runtime.heap_size),
        mp_obj_new_int_from_uint(stacks_size()),
    };
    return mp_obj_new_tuple(3, sizes);
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_memory_obj, mkernel_memory);

static mp_obj_t mkernel_console_flush(void) {
    console_flush();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_console_flush_obj, mkernel_console_flush);

// console_log(text): as print(text), but never waits for the console
static mp_obj_t mkernel_console_log(mp_obj_t text_in) {
    size_t length;
    const char *text = mp_obj_str_get_data(text_in, &length);
    console_log(text, length);
    console_log("\n", 1);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_console_log_obj, mkernel_console_log);

// console_last_words(): the program has ended; from now on its last output waits for room
static mp_obj_t mkernel_console_last_words(void) {
    console_last_words();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(mkernel_console_last_words_obj, mkernel_console_last_words);

// console_read_into(buf) -> number of input bytes read, without waiting
static mp_obj_t mkernel_console_read_into(mp_obj_t buffer_in) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(buffer_in, &buffer, MP_BUFFER_WRITE);
    return MP_OBJ_NEW_SMALL_INT(console_read(buffer.buf, buffer.len));
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_console_read_into_obj, mkernel_console_read_into);

// watchdog(nanoseconds): report a task that computes for longer; 0: never
static mp_obj_t mkernel_watchdog(mp_obj_t timeout) {
    watch_set_limit(mp_obj_get_int(timeout));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_watchdog_obj, mkernel_watchdog);

static mp_obj_t mkernel_exit(mp_obj_t code) {
    runtime_exit((int)(mp_obj_get_int(code) & 0xff));
}
static MP_DEFINE_CONST_FUN_OBJ_1(mkernel_exit_obj, mkernel_exit);

static const MP_DEFINE_STR_OBJ(mkernel_version_obj, MICROPY_GIT_TAG);

static const mp_rom_map_elem_t mkernel_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__mkernel)},
    {MP_ROM_QSTR(MP_QSTR_version), MP_ROM_PTR(&mkernel_version_obj)},
    {MP_ROM_QSTR(MP_QSTR_cmdline), MP_ROM_PTR(&mkernel_cmdline_obj)},
    {MP_ROM_QSTR(MP_QSTR_clock_monotonic), MP_ROM_PTR(&mkernel_clock_monotonic_obj)},
    {MP_ROM_QSTR(MP_QSTR_clock_wall), MP_ROM_PTR(&mkernel_clock_wall_obj)},
    {MP_ROM_QSTR(MP_QSTR_poll), MP_ROM_PTR(&mkernel_poll_obj)},
    {MP_ROM_QSTR(MP_QSTR_random), MP_ROM_PTR(&mkernel_random_obj)},
    {MP_ROM_QSTR(MP_QSTR_devices), MP_ROM_PTR(&mkernel_devices_obj)},
    {MP_ROM_QSTR(MP_QSTR_memory), MP_ROM_PTR(&mkernel_memory_obj)},
    {MP_ROM_QSTR(MP_QSTR_console_flush), MP_ROM_PTR(&mkernel_console_flush_obj)},
    {MP_ROM_QSTR(MP_QSTR_console_log), MP_ROM_PTR(&mkernel_console_log_obj)},
    {MP_ROM_QSTR(MP_QSTR_console_last_words), MP_ROM_PTR(&mkernel_console_last_words_obj)},
    {MP_ROM_QSTR(MP_QSTR_console_read_into), MP_ROM_PTR(&mkernel_console_read_into_obj)},
    {MP_ROM_QSTR(MP_QSTR_watchdog), MP_ROM_PTR(&mkernel_watchdog_obj)},
    {MP_ROM_QSTR(MP_QSTR_exit), MP_ROM_PTR(&mkernel_exit_obj)},
    {MP_ROM_QSTR(MP_QSTR_Net), MP_ROM_PTR(&mkernel_net_type)},
    {MP_ROM_QSTR(MP_QSTR_Block), MP_ROM_PTR(&mkernel_block_type)},
    {MP_ROM_QSTR(MP_QSTR_TX_CSUM), MP_ROM_INT(NET_TX_CSUM)},
    {MP_ROM_QSTR(MP_QSTR_RX_CSUM), MP_ROM_INT(NET_RX_CSUM)},
    {MP_ROM_QSTR(MP_QSTR_TSO4), MP_ROM_INT(NET_TSO4)},
    {MP_ROM_QSTR(MP_QSTR_TSO6), MP_ROM_INT(NET_TSO6)},
    {MP_ROM_QSTR(MP_QSTR_LRO), MP_ROM_INT(NET_LRO)},
};
static MP_DEFINE_CONST_DICT(mkernel_globals, mkernel_globals_table);

const mp_obj_module_t mkernel_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&mkernel_globals,
};
MP_REGISTER_MODULE(MP_QSTR__mkernel, mkernel_module);
