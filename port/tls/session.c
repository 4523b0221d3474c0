// session.c - Session: one connection. Its calls answer a number: 0 or more is a result, less is the library's error
// (mbedtls/ssl.h; -0x6900: it needs more input), WAITS and ASKS: call again.

#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <string.h>

#include "tls.h"
#include "py/objtuple.h"
#include "py/runtime.h"
#include "lib/mbedtls/library/ssl_misc.h" // of the library: the state of a handshake

#define WAITS 1
#define ASKS 2

enum { CONFIG, INCOMING, OUTGOING, NAME, CHECKS, SAVED, LOG, N_ARGS };

static tls_session_t *self_of(mp_obj_t self_in) {
    tls_session_t *self = MP_OBJ_TO_PTR(self_in);
    if (!self->is_open) {
        mp_raise_ValueError(MP_ERROR_TEXT("the session is closed"));
    }
    return self;
}

static int put_records(void *self_in, const unsigned char *data, size_t length) {
    tls_session_t *self = self_in;
    length = MIN(length, (size_t)INT32_MAX);
    return tls_buffer_put(self->outgoing, data, length) ? (int)length : MBEDTLS_ERR_SSL_ALLOC_FAILED;
}

static int take_records(void *self_in, unsigned char *data, size_t length) {
    tls_session_t *self = self_in;
    if (self->incoming->start == self->incoming->end) {
        return self->incoming->eof ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
    }
    return (int)tls_buffer_take(self->incoming, data, MIN(length, (size_t)INT32_MAX));
}

// Key logging ---------------------------------------------------------------------------------------------------------

static const char *label_of(mbedtls_ssl_key_export_type type) {
    switch (type) {
    case MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET: return "CLIENT_RANDOM";
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_HANDSHAKE_TRAFFIC_SECRET: return "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_HANDSHAKE_TRAFFIC_SECRET: return "SERVER_HANDSHAKE_TRAFFIC_SECRET";
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_CLIENT_APPLICATION_TRAFFIC_SECRET: return "CLIENT_TRAFFIC_SECRET_0";
    case MBEDTLS_SSL_KEY_EXPORT_TLS1_3_SERVER_APPLICATION_TRAFFIC_SECRET: return "SERVER_TRAFFIC_SECRET_0";
    default: return NULL;
    }
}

static void put_hex(tls_buffer_t *to, const unsigned char *data, size_t length, char last) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        tls_buffer_put(to, (char[]) {digits[data[i] >> 4], digits[data[i] & 15]}, 2);
    }
    tls_buffer_put(to, &last, 1);
}

static void keep_secret(void *self_in, mbedtls_ssl_key_export_type type, const unsigned char *secret, size_t length,
    const unsigned char client_random[32], const unsigned char server_random[32], mbedtls_tls_prf_types prf) {
    (void)server_random, (void)prf;
    tls_session_t *self = self_in;
    const char *label = label_of(type);
    if (label != NULL) {
        tls_buffer_put(self->log, label, strlen(label));
        tls_buffer_put(self->log, " ", 1);
        put_hex(self->log, client_random, 32, ' ');
        put_hex(self->log, secret, length, '\n');
    }
}

// Start and end -------------------------------------------------------------------------------------------------------

// As mbedtls_ssl_handshake(), with a look at what it forgets at its end.
static int handshake(void *self_in) {
    tls_session_t *self = self_in;
    int code = 0;
    while (code == 0 && !mbedtls_ssl_is_handshake_over(&self->ssl)) {
        code = mbedtls_ssl_handshake_step(&self->ssl);
        const mbedtls_ssl_handshake_params *state = self->ssl.handshake;
        if (state != NULL) {
            bool has_key = state->key_exchange_mode & MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_ALL;
            self->is_resumed = state->resume != 0 || has_key;
        }
    }
    return code;
}

typedef struct {
    tls_session_t *self;
    const char *name;
    mp_buffer_info_t saved;
} set_up_t;

static void set_session(tls_session_t *self, const mp_buffer_info_t *saved) {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    if (mbedtls_ssl_session_load(&session, saved->buf, saved->len) == 0) {
        mbedtls_ssl_set_session(&self->ssl, &session);
    } // one that does not fit: a whole handshake
    mbedtls_ssl_session_free(&session);
}

static int set_up(void *call_in) {
    set_up_t *call = call_in;
    tls_session_t *self = call->self;
    int code = mbedtls_ssl_setup(&self->ssl, &self->config->config);
    if (code != 0) {
        return code;
    }
    mbedtls_ssl_set_user_data_p(&self->ssl, self);
    mbedtls_ssl_set_bio(&self->ssl, self, put_records, take_records, NULL);
    mbedtls_ssl_set_verify(&self->ssl, tls_verify, self);
    if (self->log != NULL) {
        mbedtls_ssl_set_export_keys_cb(&self->ssl, keep_secret, self);
    }
    if (!self->config->is_server) {
        code = mbedtls_ssl_set_hostname(&self->ssl, call->name);
    }
    if (code == 0 && call->saved.buf != NULL) {
        set_session(self, &call->saved);
    }
    return code;
}

// Session(config, incoming, outgoing, name, checks_name, saved, log): `name` of the server, `saved` of dump(), or None;
// `log` is a Buffer for NSS key log lines, or None.
static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, N_ARGS, N_ARGS, false);
    tls_config_t *config = tls_of(args[CONFIG], &tls_config_type);
    tls_buffer_t *incoming = tls_of(args[INCOMING], &tls_buffer_type);
    tls_buffer_t *outgoing = tls_of(args[OUTGOING], &tls_buffer_type);
    tls_buffer_t *log = args[LOG] == mp_const_none ? NULL : tls_of(args[LOG], &tls_buffer_type);
    set_up_t call = {.name = args[NAME] == mp_const_none ? NULL : mp_obj_str_get_str(args[NAME])};
    if (args[SAVED] != mp_const_none) {
        mp_get_buffer_raise(args[SAVED], &call.saved, MP_BUFFER_READ);
    }
    tls_session_t *self = mp_obj_malloc_with_finaliser(tls_session_t, type);
    memset((byte *)self + sizeof(mp_obj_base_t), 0, sizeof(*self) - sizeof(mp_obj_base_t));
    self->config = config;
    self->incoming = incoming;
    self->outgoing = outgoing;
    self->checks_name = mp_obj_is_true(args[CHECKS]);
    self->depth = -1;
    self->log = log;
    self->coroutine = (coroutine_t) {.run = handshake, .argument = self, .account = &self->account};
    mbedtls_ssl_init(&self->ssl);
    self->is_open = true;
    call.self = self;
    int code = coroutine_call(set_up, &call, &self->account);
    if (code == MBEDTLS_ERR_SSL_ALLOC_FAILED) {
        mp_raise_msg(&mp_type_MemoryError, NULL);
    }
    if (code != 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("server name"));
    }
    return MP_OBJ_FROM_PTR(self);
}

static int free_session(void *ssl) {
    mbedtls_ssl_free(ssl);
    return 0;
}

static mp_obj_t session_close(mp_obj_t self_in) {
    tls_session_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->is_open) {
        self->is_open = false;
        coroutine_end(&self->coroutine);
        coroutine_call(free_session, &self->ssl, &self->account);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(close_obj, session_close);

// Handshake -----------------------------------------------------------------------------------------------------------

static int step_of(tls_session_t *self) {
    switch (coroutine_continue(&self->coroutine, MBEDTLS_ERR_SSL_ALLOC_FAILED)) {
    case COROUTINE_DONE: return self->coroutine.result;
    case COROUTINE_ASKS: return ASKS;
    default: return WAITS;
    }
}

// step(): continues the handshake. 0: it is complete.
static mp_obj_t session_step(mp_obj_t self_in) {
    tls_session_t *self = self_of(self_in);
    tls_account_t *before = tls_account(&self->account); // of its stack
    int code = self->is_established ? 0 : step_of(self);
    if (!self->coroutine.is_running && code != MBEDTLS_ERR_SSL_WANT_READ) {
        coroutine_free_stack(&self->coroutine);
    }
    tls_account(before);
    self->is_established |= code == 0;
    return MP_OBJ_NEW_SMALL_INT(code);
}
static MP_DEFINE_CONST_FUN_OBJ_1(step_obj, session_step);

// name(): what the client asked for, at ASKS.
static mp_obj_t session_name(mp_obj_t self_in) {
    tls_session_t *self = self_of(self_in);
    return mp_obj_new_bytes((const byte *)self->name, strlen(self->name));
}
static MP_DEFINE_CONST_FUN_OBJ_1(name_obj, session_name);

// throw(alert): the answer at ASKS that ends the handshake.
static mp_obj_t session_throw(mp_obj_t self_in, mp_obj_t alert) {
    self_of(self_in)->alert = mp_obj_get_int(alert) & 255;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(throw_obj, session_throw);

static int use_config(void *self_in) {
    tls_session_t *self = self_in;
    tls_config_t *config = self->config;
    const mp_obj_tuple_t *identities = MP_OBJ_TO_PTR(config->identities);
    int code = mbedtls_ssl_set_hs_own_cert(&self->ssl, NULL, NULL);
    for (size_t i = 0; i < identities->len && code == 0; i++) {
        tls_identity_t *identity = MP_OBJ_TO_PTR(identities->items[i]);
        code = mbedtls_ssl_set_hs_own_cert(&self->ssl, &identity->chain, &identity->key);
    }
    tls_certificates_t *certificates = MP_OBJ_TO_PTR(config->certificates);
    mbedtls_ssl_set_hs_authmode(&self->ssl, config->config.authmode);
    mbedtls_ssl_set_hs_ca_chain(&self->ssl, &certificates->chain, NULL);
    return code;
}

// replace(config): other certificates, at ASKS.
static mp_obj_t session_replace(mp_obj_t self_in, mp_obj_t config_in) {
    tls_session_t *self = self_of(self_in);
    tls_config_t *config = tls_of(config_in, &tls_config_type);
    if (self->at_name) {
        self->first = self->first == NULL ? self->config : self->first;
        self->config = config;
        if (coroutine_call(use_config, self, &self->account) != 0) {
            mp_raise_msg(&mp_type_MemoryError, NULL);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(replace_obj, session_replace);

// Data ----------------------------------------------------------------------------------------------------------------

typedef struct {
    tls_session_t *self;
    mp_buffer_info_t data;
} transfer_t;

static int read_data(void *call_in) {
    transfer_t *call = call_in;
    tls_session_t *self = call->self;
    int code;
    size_t left;
    do { // messages after the handshake, such as tickets, end a call without data
        left = self->incoming->end - self->incoming->start;
        code = mbedtls_ssl_read(&self->ssl, call->data.buf, call->data.len);
        self->remembered += code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
    } while (code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
        || (code == MBEDTLS_ERR_SSL_WANT_READ && left > self->incoming->end - self->incoming->start));
    return code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : code;
}

static int write_data(void *call_in) {
    transfer_t *call = call_in;
    return call->data.len == 0 ? 0 : mbedtls_ssl_write(&call->self->ssl, call->data.buf, call->data.len);
}

static mp_obj_t transfer(transfer_t *call, int (*run)(void *)) {
    bool is_ready = call->self->is_established;
    int code = is_ready ? coroutine_call(run, call, &call->self->account) : MBEDTLS_ERR_SSL_WANT_READ;
    return MP_OBJ_NEW_SMALL_INT(code);
}

// readinto(buffer[, size]): the number of bytes; 0 is the end.
static mp_obj_t session_readinto(size_t n_args, const mp_obj_t *args) {
    transfer_t call = {.self = self_of(args[0])};
    mp_get_buffer_raise(args[1], &call.data, MP_BUFFER_WRITE);
    if (n_args > 2) {
        call.data.len = MIN(call.data.len, (size_t)MAX(0, mp_obj_get_int(args[2])));
    }
    return transfer(&call, read_data);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(readinto_obj, 2, 3, session_readinto);

// write(data): how many bytes are in records now, at most one record's.
static mp_obj_t session_write(mp_obj_t self, mp_obj_t data) {
    transfer_t call = {.self = self_of(self)};
    mp_get_buffer_raise(data, &call.data, MP_BUFFER_READ);
    return transfer(&call, write_data);
}
static MP_DEFINE_CONST_FUN_OBJ_2(write_obj, session_write);

static int say_farewell(void *call) {
    return mbedtls_ssl_close_notify(&((transfer_t *)call)->self->ssl);
}

// end(): close_notify.
static mp_obj_t session_end(mp_obj_t self) {
    transfer_t call = {.self = self_of(self)};
    return transfer(&call, say_farewell);
}
static MP_DEFINE_CONST_FUN_OBJ_1(end_obj, session_end);

// State ---------------------------------------------------------------------------------------------------------------

// values(): the peer's certificates, DER, its own first.
static mp_obj_t session_values(mp_obj_t self_in) {
    return tls_list_of(mbedtls_ssl_get_peer_cert(&self_of(self_in)->ssl));
}
static MP_DEFINE_CONST_FUN_OBJ_1(values_obj, session_values);

typedef struct {
    tls_session_t *self;
    unsigned char *bytes;
    size_t length;
} dump_t;

static int dump(void *call_in) {
    dump_t *call = call_in;
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    int code = mbedtls_ssl_get_session(&call->self->ssl, &session);
    if (code == 0) {
        mbedtls_ssl_session_save(&session, NULL, 0, &call->length);
        call->bytes = tls_calloc(1, call->length);
        code = call->bytes == NULL ? MBEDTLS_ERR_SSL_ALLOC_FAILED
                                   : mbedtls_ssl_session_save(&session, call->bytes, call->length, &call->length);
    }
    mbedtls_ssl_session_free(&session);
    return code;
}

// dump(): the session, to be resumed; None: there is none.
static mp_obj_t session_dump(mp_obj_t self) {
    dump_t call = {.self = self_of(self)};
    if (!call.self->is_established) {
        return mp_const_none;
    }
    int code = coroutine_call(dump, &call, &call.self->account);
    mp_obj_t made = code == 0 ? mp_obj_new_bytes(call.bytes, call.length) : mp_const_none;
    tls_free(call.bytes);
    return made;
}
static MP_DEFINE_CONST_FUN_OBJ_1(dump_obj, session_dump);

// state(): (version, suite, protocol, flags, depth, self_signed, alert, pending, tickets, memory, most memory,
// stack, resumed)
static mp_obj_t session_state(mp_obj_t self_in) {
    tls_session_t *self = self_of(self_in);
    const char *protocol = mbedtls_ssl_get_alpn_protocol(&self->ssl);
    const unsigned char *message = self->ssl.in_msg;
    mp_obj_t items[] = {
        MP_OBJ_NEW_SMALL_INT(self->is_established ? mbedtls_ssl_get_version_number(&self->ssl) : 0),
        MP_OBJ_NEW_SMALL_INT(mbedtls_ssl_get_ciphersuite_id_from_ssl(&self->ssl)),
        protocol == NULL ? mp_const_none : mp_obj_new_str(protocol, strlen(protocol)),
        mp_obj_new_int_from_uint(self->flags),
        MP_OBJ_NEW_SMALL_INT(self->depth),
        mp_obj_new_bool(self->self_signed),
        MP_OBJ_NEW_SMALL_INT(message == NULL ? -1 : message[1]),
        mp_obj_new_int_from_uint(self->is_established ? mbedtls_ssl_get_bytes_avail(&self->ssl) : 0),
        MP_OBJ_NEW_SMALL_INT(self->remembered),
        mp_obj_new_int(self->account.used),
        mp_obj_new_int(self->account.peak),
        mp_obj_new_int_from_uint(coroutine_depth(&self->coroutine)),
        mp_obj_new_bool(self->is_resumed),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_1(state_obj, session_state);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&close_obj)},
    {MP_ROM_QSTR(MP_QSTR_step), MP_ROM_PTR(&step_obj)},
    {MP_ROM_QSTR(MP_QSTR_name), MP_ROM_PTR(&name_obj)},
    {MP_ROM_QSTR(MP_QSTR_throw), MP_ROM_PTR(&throw_obj)},
    {MP_ROM_QSTR(MP_QSTR_replace), MP_ROM_PTR(&replace_obj)},
    {MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&readinto_obj)},
    {MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&write_obj)},
    {MP_ROM_QSTR(MP_QSTR_end), MP_ROM_PTR(&end_obj)},
    {MP_ROM_QSTR(MP_QSTR_values), MP_ROM_PTR(&values_obj)},
    {MP_ROM_QSTR(MP_QSTR_dump), MP_ROM_PTR(&dump_obj)},
    {MP_ROM_QSTR(MP_QSTR_state), MP_ROM_PTR(&state_obj)},
    {MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&close_obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    tls_session_type, MP_QSTR_Session, MP_TYPE_FLAG_NONE, make_new, make_new, locals_dict, &locals);
