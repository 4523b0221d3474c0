// formatfloat.c - a double as text, as C's printf and Python's repr write it. Takes the place of MicroPython's, which
// rounds at every digit.

#include "py/mpconfig.h"

#if MICROPY_PY_BUILTINS_FLOAT

#include <limits.h>
#include <math.h>
#include <string.h>

#include "py/decimal.h"
#include "py/formatfloat.h"
#include "py/formatspec.h"

#define REPR_DIGITS (17)

static void add_zeros(vstr_t *out, int count) {
    for (; count > 0; count--) {
        vstr_add_byte(out, '0');
    }
}

// `count` digits from `first` on; behind the last one, and before the first one, stand zeros.
static void add_digits(vstr_t *out, const struct decimal *decimal, int first, int count) {
    for (int i = first; i < first + count; i++) {
        vstr_add_byte(out, i >= 0 && i < (int)decimal->count ? decimal->digits[i] : '0');
    }
}

static void add_exponent(vstr_t *out, int exponent, char letter) {
    vstr_add_byte(out, letter);
    vstr_add_byte(out, exponent < 0 ? '-' : '+');
    unsigned rest = exponent < 0 ? (unsigned)-exponent : (unsigned)exponent;
    if (rest >= 100) {
        vstr_add_byte(out, '0' + rest / 100);
    }
    vstr_add_byte(out, '0' + rest / 10 % 10);
    vstr_add_byte(out, '0' + rest % 10);
}

static void add_scientific(vstr_t *out, const struct decimal *decimal, int places, char letter, bool point) {
    add_digits(out, decimal, 0, 1);
    if (places > 0 || point) {
        vstr_add_byte(out, '.');
    }
    add_digits(out, decimal, 1, places);
    add_exponent(out, decimal->point - 1, letter);
}

static void add_fixed(vstr_t *out, const struct decimal *decimal, int places, bool point) {
    if (decimal->point <= 0) {
        vstr_add_byte(out, '0');
    } else {
        add_digits(out, decimal, 0, decimal->point);
    }
    if (places > 0 || point) {
        vstr_add_byte(out, '.');
    }
    int zeros = decimal->point < 0 ? MIN(places, -decimal->point) : 0;
    add_zeros(out, zeros);
    add_digits(out, decimal, MAX(decimal->point, 0), places - zeros);
}

// The general format: fixed for exponents of -4 up to `limit`, without trailing zeros unless `alternate`.
static void add_general(
    vstr_t *out, const struct decimal *decimal, int digits, int limit, char letter, bool alternate, bool whole) {
    int count = alternate ? digits : (int)decimal->count;
    while (!alternate && count > 1 && decimal->digits[count - 1] == '0') {
        count--;
    }
    count = MAX(count, 1);
    if (decimal->point <= -4 || decimal->point > limit) {
        add_scientific(out, decimal, count - 1, letter, alternate);
    } else {
        int places = MAX(count - decimal->point, 0);
        add_fixed(out, decimal, places == 0 && whole ? 1 : places, alternate);
    }
}

void mp_format_double(vstr_t *out, mp_float_t value, char format, int precision, bool alternate) {
    bool upper = format >= 'A' && format <= 'G';
    if (isnan(value)) {
        vstr_add_str(out, upper ? "NAN" : "nan");
        return;
    }
    if (signbit(value)) {
        vstr_add_byte(out, '-');
        value = -value;
    }
    if (isinf(value)) {
        vstr_add_str(out, upper ? "INF" : "inf");
        return;
    }
    char letter = upper ? 'E' : 'e';
    if (format == 'r' || format == 'R') {
        add_general(out, decimal_shortest(value), REPR_DIGITS, REPR_DIGITS - 1, 'e', false, format == 'r');
        return;
    }
    precision = precision < 0 ? 6 : precision;
    switch (format | 0x20) {
    case 'e':
        add_scientific(
            out, decimal_rounded(value, MIN(precision, INT_MAX - 1) + 1, true), precision, letter, alternate);
        break;
    case 'f': add_fixed(out, decimal_rounded(value, precision, false), precision, alternate); break;
    default: { // 'g', and 'p': Python's float with a precision and no type
        bool plain = format == 'p';
        int digits = MAX(precision, 1);
        add_general(
            out, decimal_rounded(value, digits, true), digits, plain ? digits - 1 : digits, letter, alternate, plain);
        break;
    }
    }
}

// For mp_printf(): what does not fit is cut off.
int mp_format_float(mp_float_t value, char *buf, size_t size, char format, int precision, char sign) {
    vstr_t text;
    vstr_init(&text, 32);
    if (sign != '\0' && !signbit(value)) {
        vstr_add_byte(&text, sign);
    }
    mp_format_double(&text, value, format, precision, false);
    size_t length = MIN(text.len, size - 1);
    memcpy(buf, text.buf, length);
    buf[length] = '\0';
    vstr_clear(&text);
    return (int)length;
}

#endif // MICROPY_PY_BUILTINS_FLOAT
