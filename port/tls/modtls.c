// modtls.c - the module `_tls`: its types, and the constants that are not in Python.

#include "tls.h"
#include "psa/crypto.h"
#include "py/runtime.h"

static int begin(void *unused) {
    (void)unused;
    return psa_crypto_init();
}

void tls_begin(void) {
    static bool has_begun;
    if (!has_begun) {
        coroutine_mutexes();
        if (coroutine_call(begin, NULL, NULL) != PSA_SUCCESS) {
            mp_raise_msg(&mp_type_MemoryError, NULL);
        }
        has_begun = true;
    }
}

void *tls_of(mp_obj_t object, const mp_obj_type_t *type) {
    if (!mp_obj_is_type(object, type)) {
        mp_raise_TypeError(MP_ERROR_TEXT("not an object of _tls"));
    }
    return MP_OBJ_TO_PTR(object);
}

mp_obj_t tls_list_of(const mbedtls_x509_crt *chain) {
    mp_obj_t list = mp_obj_new_list(0, NULL);
    for (; chain != NULL && chain->raw.p != NULL; chain = chain->next) {
        mp_obj_list_append(list, mp_obj_new_bytes(chain->raw.p, chain->raw.len));
    }
    return list;
}

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__tls)},
    {MP_ROM_QSTR(MP_QSTR_Buffer), MP_ROM_PTR(&tls_buffer_type)},
    {MP_ROM_QSTR(MP_QSTR_Certificates), MP_ROM_PTR(&tls_certificates_type)},
    {MP_ROM_QSTR(MP_QSTR_Identity), MP_ROM_PTR(&tls_identity_type)},
    {MP_ROM_QSTR(MP_QSTR_Config), MP_ROM_PTR(&tls_config_type)},
    {MP_ROM_QSTR(MP_QSTR_Session), MP_ROM_PTR(&tls_session_type)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t mp_module_tls = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR__tls, mp_module_tls);
