# The module `_tls` over Mbed TLS (docs/adr/0030): for the port's library and MicroPython's unix build.
TLS_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD_C += $(addprefix $(TLS_MOD_DIR)/, modtls.c buffer.c certificates.c config.c coroutine.c identity.c machine.c memory.c session.c verify.c)
SRC_THIRDPARTY_C += $(addprefix lib/mbedtls/library/, aes.c aesni.c asn1parse.c asn1write.c base64.c bignum.c bignum_core.c \
	chacha20.c chachapoly.c cipher.c cipher_wrap.c constant_time.c ecdh.c ecdsa.c ecp.c ecp_curves.c gcm.c hkdf.c md.c oid.c \
	pem.c pk.c pk_ecc.c pk_wrap.c pkcs5.c pkparse.c platform.c platform_util.c poly1305.c psa_crypto.c psa_crypto_aead.c \
	psa_crypto_cipher.c psa_crypto_client.c psa_crypto_driver_wrappers_no_static.c psa_crypto_ecp.c psa_crypto_hash.c \
	psa_crypto_mac.c psa_crypto_rsa.c psa_crypto_slot_management.c psa_util.c rsa.c rsa_alt_helpers.c sha1.c sha256.c sha512.c \
	ssl_ciphersuites.c ssl_client.c ssl_msg.c ssl_ticket.c ssl_tls.c ssl_tls12_client.c ssl_tls12_server.c ssl_tls13_client.c \
	ssl_tls13_generic.c ssl_tls13_keys.c ssl_tls13_server.c threading.c x509.c x509_crt.c)
# config/mbedtls/mbedtls_config.h is found before the library's.
CFLAGS_USERMOD += -I$(TLS_MOD_DIR) -I$(TLS_MOD_DIR)/config -isystem $(TOP)/lib/mbedtls/include
$(BUILD)/lib/mbedtls/%.o: CFLAGS += -Wno-error -Wno-undef -Wno-unused -Wno-type-limits -Wno-cast-align -Wno-double-promotion -Wno-float-conversion
