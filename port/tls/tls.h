// tls.h - what the parts of the module `_tls` share.
//
// TLS without input and output (sans I/O): a session reads records from one buffer and writes records to another; the
// loop around it is Python (stack/std/_ssl). Mbed TLS never calls Python: what it needs of Python it waits for on a stack
// of its own (coroutine.h).

#ifndef TLS_H
#define TLS_H

#include "py/obj.h"
#include "coroutine.h"
#include "memory.h"
#include "mbedtls/ssl.h"
#include "mbedtls/ssl_ticket.h"

// A buffer of records, the module's `Buffer`.
typedef struct {
    mp_obj_base_t base;
    byte *data; // of tls_calloc()
    size_t start, end, size;
    bool eof; // no more is written
} tls_buffer_t;

// Trusted certificates, or those of a chain with its key.
typedef struct {
    mp_obj_base_t base;
    mbedtls_x509_crt chain;
} tls_certificates_t;

typedef struct {
    mp_obj_base_t base;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
} tls_identity_t;

#define TLS_SUITES 16
#define TLS_PROTOCOLS 16

typedef struct {
    mp_obj_base_t base;
    mbedtls_ssl_config config;
    mbedtls_ssl_ticket_context tickets;
    mp_obj_t certificates, identities; // keep them alive
    mp_obj_t protocols;
    int suites[TLS_SUITES + 1];
    const char *names[TLS_PROTOCOLS + 1];
    bool is_server, has_tickets;
} tls_config_t;

typedef struct {
    mp_obj_base_t base;
    mbedtls_ssl_context ssl;
    coroutine_t coroutine;
    tls_account_t account;
    tls_config_t *config;
    tls_buffer_t *incoming, *outgoing;
    tls_buffer_t *log;   // lines for programs that decrypt captures, or NULL
    tls_config_t *first; // of a server whose program has replaced it
    bool is_open, is_established, is_resumed, checks_name;
    bool at_name;     // the coroutine waits for the answer to the server name
    char name[256];   // that the client asks for (server)
    int alert;        // answer to the name: 0, or the alert
    uint32_t flags;   // errors of the peer's certificates, MBEDTLS_X509_BADCERT_*
    int depth;        // of the first certificate with an error, -1: none
    bool self_signed; // that certificate
    int remembered;   // a session to save has arrived
} tls_session_t;

extern const mp_obj_type_t tls_buffer_type, tls_certificates_type, tls_identity_type, tls_config_type, tls_session_type;

// Initialises the library once.
void tls_begin(void);

// Raises TypeError if it is no object of the type.
void *tls_of(mp_obj_t object, const mp_obj_type_t *type);
mp_obj_t tls_list_of(const mbedtls_x509_crt *chain);
mp_obj_t tls_chain_add(mbedtls_x509_crt *chain, mp_obj_t der); // 0, or the library's error
void tls_chain_free(mbedtls_x509_crt *chain);

// false: no memory. Without exceptions, for the coroutine.
bool tls_buffer_put(tls_buffer_t *buffer, const void *data, size_t length);
size_t tls_buffer_take(tls_buffer_t *buffer, void *data, size_t length);
tls_buffer_t *tls_buffer_new(void);

int tls_random(void *context, unsigned char *buffer, size_t length);
// Remembers the errors of the peer's certificates in the session.
int tls_verify(void *session, mbedtls_x509_crt *certificate, int depth, uint32_t *flags);

#endif
