// verify.c - the errors of the peer's certificates, for the exception: Mbed TLS frees the chain that it refuses.

#include <string.h>

#include "tls.h"

int tls_verify(void *session, mbedtls_x509_crt *certificate, int depth, uint32_t *flags) {
    tls_session_t *self = session;
    if (!self->checks_name) {
        *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH; // the name was for the server's choice only
    }
    self->flags |= *flags;
    // Called from the root down to the peer's own.
    if (*flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED && self->depth < 0) {
        const mbedtls_x509_buf *issuer = &certificate->issuer_raw, *subject = &certificate->subject_raw;
        self->self_signed = issuer->len == subject->len && memcmp(issuer->p, subject->p, issuer->len) == 0;
        self->depth = depth;
    }
    // RFC 5246 7.4.6: a client without a certificate may be accepted, one with a bad certificate is not.
    bool is_optional = self->config->config.MBEDTLS_PRIVATE(authmode) == MBEDTLS_SSL_VERIFY_OPTIONAL;
    return is_optional && depth == 0 && self->flags != 0 ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
}
