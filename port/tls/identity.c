// identity.c - Identity: a chain of certificates and the key of the first one.

#include "tls.h"
#include "py/runtime.h"

#define OTHER_KEY 1

static tls_identity_t *self_of(mp_obj_t self) {
    return MP_OBJ_TO_PTR(self);
}

// Identity()
static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    tls_begin();
    tls_identity_t *self = mp_obj_malloc_with_finaliser(tls_identity_t, type);
    mbedtls_x509_crt_init(&self->chain);
    mbedtls_pk_init(&self->key);
    return MP_OBJ_FROM_PTR(self);
}

// add(der): a certificate, the one of the key first. 0, or the library's error.
static mp_obj_t add(mp_obj_t self, mp_obj_t der) {
    return tls_chain_add(&self_of(self)->chain, der);
}
static MP_DEFINE_CONST_FUN_OBJ_2(add_obj, add);

typedef struct {
    tls_identity_t *self;
    mp_buffer_info_t key, password;
} load_t;

static int load_key(void *call_in) {
    load_t *call = call_in;
    mbedtls_pk_context *key = &call->self->key;
    mbedtls_pk_free(key);
    mbedtls_pk_init(key);
    int code = mbedtls_pk_parse_key(
        key, call->key.buf, call->key.len, call->password.buf, call->password.len, tls_random, NULL);
    if (code == 0 && mbedtls_pk_check_pair(&call->self->chain.pk, key, tls_random, NULL) != 0) {
        code = OTHER_KEY;
    }
    return code;
}

// load(key, password): PEM with a 0 at its end, or DER; the password is bytes or None. 0, OTHER_KEY: it is not that of
// the certificate, or the library's error.
static mp_obj_t load(mp_obj_t self, mp_obj_t key, mp_obj_t password) {
    load_t call = {.self = self_of(self)};
    mp_get_buffer_raise(key, &call.key, MP_BUFFER_READ);
    if (password != mp_const_none) {
        mp_get_buffer_raise(password, &call.password, MP_BUFFER_READ);
    }
    return MP_OBJ_NEW_SMALL_INT(coroutine_call(load_key, &call, NULL));
}
static MP_DEFINE_CONST_FUN_OBJ_3(load_obj, load);

// name(): the kind of key.
static mp_obj_t name(mp_obj_t self) {
    return MP_OBJ_NEW_SMALL_INT(mbedtls_pk_get_type(&self_of(self)->key));
}
static MP_DEFINE_CONST_FUN_OBJ_1(name_obj, name);

static int free_key(void *key) {
    mbedtls_pk_free(key);
    return 0;
}

static mp_obj_t finish(mp_obj_t self_in) {
    tls_identity_t *self = self_of(self_in);
    tls_chain_free(&self->chain);
    coroutine_call(free_key, &self->key, NULL);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(finish_obj, finish);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&finish_obj)},
    {MP_ROM_QSTR(MP_QSTR_add), MP_ROM_PTR(&add_obj)},
    {MP_ROM_QSTR(MP_QSTR_load), MP_ROM_PTR(&load_obj)},
    {MP_ROM_QSTR(MP_QSTR_name), MP_ROM_PTR(&name_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    tls_identity_type, MP_QSTR_Identity, MP_TYPE_FLAG_NONE, make_new, make_new, locals_dict, &locals);
