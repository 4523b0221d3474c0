// certificates.c - Certificates: those that a configuration trusts. Sessions may use it while some are added.

#include "tls.h"
#include "py/runtime.h"

static tls_certificates_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    tls_begin();
    tls_certificates_t *self = mp_obj_malloc_with_finaliser(tls_certificates_t, type);
    mbedtls_x509_crt_init(&self->chain);
    return MP_OBJ_FROM_PTR(self);
}

typedef struct {
    mbedtls_x509_crt *chain;
    mp_buffer_info_t der;
} parse_t;

static int parse(void *call_in) {
    parse_t *call = call_in;
    return mbedtls_x509_crt_parse_der(call->chain, call->der.buf, call->der.len);
}

mp_obj_t tls_chain_add(mbedtls_x509_crt *chain, mp_obj_t der) {
    parse_t call = {.chain = chain};
    mp_get_buffer_raise(der, &call.der, MP_BUFFER_READ);
    return MP_OBJ_NEW_SMALL_INT(coroutine_call(parse, &call, NULL));
}

static int free_chain(void *chain) {
    mbedtls_x509_crt_free(chain);
    return 0;
}

void tls_chain_free(mbedtls_x509_crt *chain) {
    coroutine_call(free_chain, chain, NULL);
}

// add(der): 0, or the library's error.
static mp_obj_t add(mp_obj_t self, mp_obj_t der) {
    return tls_chain_add(&self_of(self)->chain, der);
}
static MP_DEFINE_CONST_FUN_OBJ_2(add_obj, add);

static mp_obj_t values(mp_obj_t self) {
    return tls_list_of(&self_of(self)->chain);
}
static MP_DEFINE_CONST_FUN_OBJ_1(values_obj, values);

static mp_obj_t finish(mp_obj_t self) {
    tls_chain_free(&self_of(self)->chain);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(finish_obj, finish);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&finish_obj)},
    {MP_ROM_QSTR(MP_QSTR_add), MP_ROM_PTR(&add_obj)},
    {MP_ROM_QSTR(MP_QSTR_values), MP_ROM_PTR(&values_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    tls_certificates_type, MP_QSTR_Certificates, MP_TYPE_FLAG_NONE, make_new, make_new, locals_dict, &locals);
