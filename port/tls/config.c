// config.c - Config: the settings of sessions, which never change: a program that changes its context makes another one.

#include <string.h>

#include "tls.h"
#include "py/objtuple.h"
#include "py/runtime.h"

#define TICKET_LIFETIME 7200 // seconds, RFC 8446 4.6.1 allows a week; as OpenSSL

enum { SERVER, MINIMUM, MAXIMUM, VERIFY, SUITES, PROTOCOLS, CERTIFICATES, IDENTITIES, TICKETS, ASKS, N_ARGS };

static int server_name(void *unused, mbedtls_ssl_context *ssl, const unsigned char *name, size_t length) {
    (void)unused;
    tls_session_t *session = mbedtls_ssl_get_user_data_p(ssl);
    length = MIN(length, sizeof(session->name) - 1);
    memcpy(session->name, name, length);
    session->name[length] = 0;
    session->at_name = true;
    session->alert = 0;
    coroutine_ask();
    session->at_name = false;
    if (session->alert != 0) {
        mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, (unsigned char)session->alert);
        return -1;
    }
    return 0;
}

static void keep_lists(tls_config_t *self, const mp_obj_t *args) {
    memset(self->suites, 0, sizeof(self->suites)); // both end with a 0
    memset(self->names, 0, sizeof(self->names));
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(args[SUITES], &count, &items);
    if (count > TLS_SUITES) {
        mp_raise_ValueError(NULL);
    }
    for (size_t i = 0; i < count; i++) {
        self->suites[i] = mp_obj_get_int(items[i]);
    }
    mp_obj_get_array(args[PROTOCOLS], &count, &items);
    if (count > TLS_PROTOCOLS) {
        mp_raise_ValueError(MP_ERROR_TEXT("too many protocols"));
    }
    self->protocols = mp_obj_new_tuple(count, items);
    for (size_t i = 0; i < count; i++) {
        self->names[i] = mp_obj_str_get_str(items[i]); // ends with a 0
    }
}

static void keep_certificates(tls_config_t *self, const mp_obj_t *args) {
    tls_of(args[CERTIFICATES], &tls_certificates_type);
    self->certificates = args[CERTIFICATES];
    size_t count;
    mp_obj_t *items;
    mp_obj_get_array(args[IDENTITIES], &count, &items);
    self->identities = mp_obj_new_tuple(count, items);
    for (size_t i = 0; i < count; i++) {
        tls_of(items[i], &tls_identity_type);
    }
}

static int set_certificates(tls_config_t *self) {
    tls_certificates_t *certificates = MP_OBJ_TO_PTR(self->certificates);
    mbedtls_ssl_conf_ca_chain(&self->config, &certificates->chain, NULL);
    const mp_obj_tuple_t *identities = MP_OBJ_TO_PTR(self->identities);
    int code = 0;
    for (size_t i = 0; i < identities->len && code == 0; i++) {
        tls_identity_t *identity = MP_OBJ_TO_PTR(identities->items[i]);
        code = mbedtls_ssl_conf_own_cert(&self->config, &identity->chain, &identity->key);
    }
    return code;
}

static int set_tickets(tls_config_t *self) {
    if (!self->has_tickets) {
        mbedtls_ssl_conf_session_tickets(&self->config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
        mbedtls_ssl_conf_new_session_tickets(&self->config, 0);
        return 0;
    }
    if (!self->is_server) {
        mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
            &self->config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
        return 0;
    }
    mbedtls_ssl_conf_session_tickets_cb(
        &self->config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &self->tickets);
    return mbedtls_ssl_ticket_setup(&self->tickets, tls_random, NULL, MBEDTLS_CIPHER_AES_256_GCM, TICKET_LIFETIME);
}

static int set_up(void *self_in) {
    tls_config_t *self = self_in;
    mbedtls_ssl_config *config = &self->config;
    int code = mbedtls_ssl_config_defaults(config, self->is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
        MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code == 0) {
        mbedtls_ssl_conf_rng(config, tls_random, NULL);
        mbedtls_ssl_conf_ciphersuites(config, self->suites);
        code = self->names[0] == NULL ? 0 : mbedtls_ssl_conf_alpn_protocols(config, self->names);
    }
    code = code != 0 ? code : set_certificates(self);
    return code != 0 ? code : set_tickets(self);
}

static mbedtls_ssl_protocol_version version_of(mp_obj_t number) {
    return mp_obj_get_int(number) > MBEDTLS_SSL_VERSION_TLS1_2 ? MBEDTLS_SSL_VERSION_TLS1_3
                                                               : MBEDTLS_SSL_VERSION_TLS1_2;
}

// Config(server, minimum, maximum, verify, suites, protocols, certificates, identities, tickets, asks)
// `verify`: 0 none, 1 optional, 2 required. `asks`: sessions stop for an answer to the client's server name.
static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, N_ARGS, N_ARGS, false);
    tls_begin();
    tls_config_t *self = mp_obj_malloc_with_finaliser(tls_config_t, type);
    mbedtls_ssl_config_init(&self->config);
    mbedtls_ssl_ticket_init(&self->tickets);
    self->is_server = mp_obj_is_true(args[SERVER]);
    self->has_tickets = mp_obj_is_true(args[TICKETS]);
    self->protocols = self->certificates = self->identities = mp_const_none;
    keep_lists(self, args);
    keep_certificates(self, args);
    int code = coroutine_call(set_up, self, NULL);
    if (code == MBEDTLS_ERR_SSL_BAD_INPUT_DATA) {
        mp_raise_ValueError(MP_ERROR_TEXT("protocol"));
    }
    if (code != 0) {
        mp_raise_msg(&mp_type_MemoryError, NULL);
    }
    mbedtls_ssl_conf_min_tls_version(&self->config, version_of(args[MINIMUM]));
    mbedtls_ssl_conf_max_tls_version(&self->config, version_of(args[MAXIMUM]));
    static const int modes[] = {MBEDTLS_SSL_VERIFY_NONE, MBEDTLS_SSL_VERIFY_OPTIONAL, MBEDTLS_SSL_VERIFY_REQUIRED};
    mbedtls_ssl_conf_authmode(&self->config, modes[mp_obj_get_int(args[VERIFY]) % 3u]);
    if (mp_obj_is_true(args[ASKS])) {
        mbedtls_ssl_conf_sni(&self->config, server_name, NULL);
    }
    return MP_OBJ_FROM_PTR(self);
}

static int free_config(void *self_in) {
    tls_config_t *self = self_in;
    mbedtls_ssl_ticket_free(&self->tickets);
    mbedtls_ssl_config_free(&self->config);
    return 0;
}

static mp_obj_t finish(mp_obj_t self) {
    coroutine_call(free_config, MP_OBJ_TO_PTR(self), NULL);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(finish_obj, finish);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&finish_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(tls_config_type, MP_QSTR_Config, MP_TYPE_FLAG_NONE, make_new, make_new, locals_dict, &locals);
