// binascii.h - what the parts of the module `binascii` share.

#ifndef BINASCII_BINASCII_H
#define BINASCII_BINASCII_H

#include "py/runtime.h"

extern const mp_obj_type_t binascii_error_type;

NORETURN void binascii_raise(mp_rom_error_text_t text);
// The bytes of a buffer, or of a str that is ASCII.
void binascii_ascii(mp_obj_t data, mp_buffer_info_t *info);
void binascii_bytes(mp_obj_t data, mp_buffer_info_t *info);
// 0 to 15, or -1.
int binascii_digit(byte letter);

MP_DECLARE_CONST_FUN_OBJ_KW(binascii_a2b_base64_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(binascii_b2a_base64_obj);
MP_DECLARE_CONST_FUN_OBJ_1(binascii_a2b_uu_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(binascii_b2a_uu_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(binascii_a2b_qp_obj);
MP_DECLARE_CONST_FUN_OBJ_KW(binascii_b2a_qp_obj);

#endif
