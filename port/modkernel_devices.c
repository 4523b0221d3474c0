// modkernel_devices.c - devices by name: see modkernel.h.

#include <string.h>

#include "modkernel.h"
#include "py/mperrno.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "runtime.h"

const char *mkernel_kind(uint32_t type) {
    // Entry 0 of the manifest is reserved and has an unknown kind, as later versions may have.
    return type == MANIFEST_NET ? "net" : type == MANIFEST_BLOCK ? "block" : NULL;
}

static void print_known(const mp_print_t *print, enum manifest_type type) {
    const struct manifest *manifest = runtime.boot->manifest;
    const char *separator = "";
    for (unsigned i = 0; i < manifest_count(manifest); i++) {
        const struct manifest_entry *entry = &manifest->entry[i];
        if (entry->type == type) {
            mp_printf(print, "%s%.*s", separator, (int)strnlen(entry->name, sizeof(entry->name)), entry->name);
            separator = ", ";
        }
    }
    if (separator[0] == '\0') {
        mp_print_str(print, "none");
    }
}

static NORETURN void raise_no_device(enum manifest_type type, mp_obj_t name, const char *reason) {
    vstr_t text;
    mp_print_t print;
    vstr_init_print(&text, 64, &print);
    mp_printf(&print, "%s device '%s' %s; the image has: ", mkernel_kind(type), mp_obj_str_get_str(name), reason);
    print_known(&print, type);
    mp_obj_t arguments[2] = {MP_OBJ_NEW_SMALL_INT(MP_ENODEV), mp_obj_new_str_from_vstr(&text)};
    nlr_raise(mp_obj_exception_make_new(&mp_type_OSError, 2, 0, arguments));
}

unsigned mkernel_find(enum manifest_type type, mp_obj_t name) {
    size_t length;
    const char *text = mp_obj_str_get_data(name, &length);
    int handle = manifest_find(runtime.boot->manifest, type, text, length);
    if (handle < 0) {
        raise_no_device(type, name, "is not in the manifest");
    }
    return (unsigned)handle;
}

void mkernel_check_open(enum manifest_type type, mp_obj_t name, int error) {
    if (error == -MP_ENODEV) {
        raise_no_device(type, name, "is not attached");
    } else if (error < 0) {
        mp_raise_OSError(-error);
    }
}
