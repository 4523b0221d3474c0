// json.h - JSON (RFC 8259) as CPython's json module reads and writes it; modjson.c is the module.

#ifndef PYMNET_JSON_H
#define PYMNET_JSON_H

#include "py/obj.h"

// What a program may change about reading. MP_OBJ_NULL: the default.
struct json_reader {
    const byte *start, *s, *top; // the document, UTF-8
    mp_obj_t document;           // for errors
    mp_obj_t error;              // called as error(message, document, position)
    mp_obj_t object_hook, pairs_hook;
    mp_obj_t parse_float, parse_int, parse_constant;
    bool strict; // no control characters in strings
};

// The value that begins at reader->s, which is left behind it. Depth costs heap, not stack.
mp_obj_t json_read(struct json_reader *reader);
void json_skip_space(struct json_reader *reader);
NORETURN void json_fail(const struct json_reader *reader, const char *message, const byte *where);
bool json_read_string(struct json_reader *reader, mp_obj_t *value);
bool json_read_number(struct json_reader *reader, mp_obj_t *value);

struct json_container; // one that is being written, and those around it

struct json_writer {
    vstr_t *out;
    const char *item_separator, *key_separator;
    size_t item_size, key_size;
    const char *indent; // NULL: all on one line
    size_t indent_size;
    mp_obj_t fallback; // called with what JSON has no word for; MP_OBJ_NULL: TypeError
    bool ascii, sort_keys, skip_keys, allow_nan;
    const struct json_container *open;
};

void json_write(struct json_writer *writer, mp_obj_t value);

#endif // PYMNET_JSON_H
