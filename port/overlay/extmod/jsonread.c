// jsonread.c - a JSON document to values, with CPython's errors and their positions.

#include <math.h>
#include <string.h>

#include "json.h"
#include "py/objlist.h"
#include "py/runtime.h"

#if MICROPY_PY_JSON

#define DEPTH (1000) // as CPython's recursion limit

// The containers around the value that is read, the innermost last. `key` waits for its value.
struct frame {
    mp_obj_t container;
    mp_obj_t key;
};

struct frames {
    struct frame *items;
    size_t count, room;
};

void json_skip_space(struct json_reader *reader) {
    while (reader->s < reader->top && strchr(" \t\n\r", *reader->s) != NULL && *reader->s != '\0') {
        reader->s++;
    }
}

static bool next_is(struct json_reader *reader, byte c) {
    if (reader->s < reader->top && *reader->s == c) {
        reader->s++;
        return true;
    }
    return false;
}

static bool read_constant(struct json_reader *reader, mp_obj_t *value) {
    static const struct {
        const char *name;
        mp_float_t number; // 0: a constant of Python
        mp_obj_t object;
    } constants[] = {
        {"null", 0, mp_const_none},
        {"true", 0, mp_const_true},
        {"false", 0, mp_const_false},
        {"NaN", (mp_float_t)NAN, MP_OBJ_NULL},
        {"Infinity", (mp_float_t)INFINITY, MP_OBJ_NULL},
        {"-Infinity", (mp_float_t)-INFINITY, MP_OBJ_NULL},
    };
    for (size_t i = 0; i < MP_ARRAY_SIZE(constants); i++) {
        size_t size = strlen(constants[i].name);
        if ((size_t)(reader->top - reader->s) < size || memcmp(reader->s, constants[i].name, size) != 0) {
            continue;
        }
        reader->s += size;
        *value = constants[i].object;
        if (*value == MP_OBJ_NULL) {
            *value = reader->parse_constant == MP_OBJ_NULL
                ? mp_obj_new_float(constants[i].number)
                : mp_call_function_1(reader->parse_constant, mp_obj_new_str(constants[i].name, size));
        }
        return true;
    }
    return false;
}

// A value that holds no other one.
static mp_obj_t read_scalar(struct json_reader *reader) {
    mp_obj_t value;
    if (json_read_string(reader, &value) || read_constant(reader, &value) || json_read_number(reader, &value)) {
        return value;
    }
    json_fail(reader, "Expecting value", reader->s);
}

static void push(struct frames *frames, mp_obj_t container) {
    if (frames->count >= DEPTH) {
        mp_raise_recursion_depth();
    }
    if (frames->count == frames->room) {
        size_t room = frames->room ? 2 * frames->room : 8;
        frames->items = m_renew(struct frame, frames->items, frames->room, room);
        frames->room = room;
    }
    frames->items[frames->count++] = (struct frame) {container, MP_OBJ_NULL};
}

// The key of an object's next member, and the colon behind it.
static mp_obj_t read_key(struct json_reader *reader) {
    mp_obj_t key;
    json_skip_space(reader);
    if (!json_read_string(reader, &key)) {
        json_fail(reader, "Expecting property name enclosed in double quotes", reader->s);
    }
    json_skip_space(reader);
    if (!next_is(reader, ':')) {
        json_fail(reader, "Expecting ':' delimiter", reader->s);
    }
    return key;
}

static void add(const struct json_reader *reader, struct frame *frame, mp_obj_t value) {
    if (frame->key == MP_OBJ_NULL) {
        mp_obj_list_append(frame->container, value);
    } else if (reader->pairs_hook == MP_OBJ_NULL) {
        mp_obj_dict_store(frame->container, frame->key, value);
    } else {
        mp_obj_t pair[] = {frame->key, value};
        mp_obj_list_append(frame->container, mp_obj_new_tuple(2, pair));
    }
}

// The container is complete: the program may want another object in its place.
static mp_obj_t finish(const struct json_reader *reader, mp_obj_t container, bool is_object) {
    mp_obj_t hook = reader->pairs_hook != MP_OBJ_NULL ? reader->pairs_hook : reader->object_hook;
    return is_object && hook != MP_OBJ_NULL ? mp_call_function_1(hook, container) : container;
}

// Opens a container if one begins here. False if it does not, or if it is complete already: then `value` is it.
static bool open_container(struct json_reader *reader, struct frames *frames, mp_obj_t *value) {
    *value = MP_OBJ_NULL;
    bool is_object = next_is(reader, '{');
    if (!is_object && !next_is(reader, '[')) {
        return false;
    }
    bool pairs = is_object && reader->pairs_hook != MP_OBJ_NULL;
    mp_obj_t container = is_object && !pairs ? mp_obj_new_dict(0) : mp_obj_new_list(0, NULL);
    json_skip_space(reader);
    if (next_is(reader, is_object ? '}' : ']')) {
        *value = finish(reader, container, is_object);
        return false;
    }
    push(frames, container);
    if (is_object) {
        frames->items[frames->count - 1].key = read_key(reader);
    }
    return true;
}

// Puts `value` into the innermost container. If that ends, it becomes the value in the next one. True at the end of all.
static bool close_containers(struct json_reader *reader, struct frames *frames, mp_obj_t *value) {
    while (frames->count > 0) {
        struct frame *frame = &frames->items[frames->count - 1];
        bool is_object = frame->key != MP_OBJ_NULL;
        add(reader, frame, *value);
        json_skip_space(reader);
        if (next_is(reader, ',')) {
            if (is_object) {
                frame->key = read_key(reader);
            }
            return false;
        }
        if (!next_is(reader, is_object ? '}' : ']')) {
            json_fail(reader, "Expecting ',' delimiter", reader->s);
        }
        *value = finish(reader, frame->container, is_object);
        frames->count--;
    }
    return true;
}

mp_obj_t json_read(struct json_reader *reader) {
    struct frames frames = {NULL, 0, 0};
    mp_obj_t value;
    do {
        do {
            json_skip_space(reader);
        } while (open_container(reader, &frames, &value));
        if (value == MP_OBJ_NULL) {
            value = read_scalar(reader);
        }
    } while (!close_containers(reader, &frames, &value));
    return value;
}

#endif // MICROPY_PY_JSON
