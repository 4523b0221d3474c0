// test_decimal.c - port/overlay/py/decimal.c against the host's C library, which converts exactly as well.

#include "check.h"

#include <math.h>
#include <string.h>

#include "overlay/py/decimal.c"

static double read_text(const char *text) {
    int exponent = 0;
    bool fraction = false;
    decimal_begin();
    for (; *text != '\0'; text++) {
        if (*text == '.') {
            fraction = true;
        } else if (*text == 'e') {
            exponent = (int)strtol(text + 1, NULL, 10);
            break;
        } else {
            decimal_digit((unsigned)(*text - '0'), fraction);
        }
    }
    return decimal_end(exponent);
}

// "d.ddde+dd" as printf's, with as many places as there are digits.
static void as_text(char *out, size_t size, const struct decimal *decimal, int places) {
    char digits[DECIMAL_DIGITS + 1];
    memset(digits, '0', sizeof(digits));
    memcpy(digits, decimal->digits, decimal->count);
    digits[places + 1] = '\0';
    snprintf(out, size, "%c%s%se%+03d", digits[0], places > 0 ? "." : "", digits + 1, decimal->point - 1);
}

static double random_double(void) {
    double value;
    do {
        uint64_t bits = random_next() >> 1; // positive
        if (random_below(8) == 0) {
            bits &= ((uint64_t)1 << (1 + random_below(60))) - 1; // subnormal or small
        }
        if (random_below(8) == 0) {
            bits &= ~(((uint64_t)1 << random_below(53)) - 1); // few bits set
        }
        memcpy(&value, &bits, sizeof(value));
    } while (!isfinite(value));
    return value;
}

static void check_shortest(double value) {
    char text[40], other[40];
    const struct decimal *decimal = decimal_shortest(value);
    unsigned count = decimal->count;
    as_text(text, sizeof(text), decimal, (int)count - 1);
    CHECK(strtod(text, NULL) == value);
    CHECK(read_text(text) == value);
    if (count > 1) { // no shorter one reads back, and none of the same length is nearer
        snprintf(other, sizeof(other), "%.*e", (int)count - 2, value);
        CHECK(strtod(other, NULL) != value);
        snprintf(other, sizeof(other), "%.*e", (int)count - 1, value);
        CHECK(strtod(other, NULL) != value || strcmp(text, other) == 0);
    }
}

static void check_rounded(double value) {
    char text[DECIMAL_DIGITS + 20], other[DECIMAL_DIGITS + 20];
    int places = (int)random_below(random_below(4) == 0 ? 780 : 20);
    as_text(text, sizeof(text), decimal_rounded(value, places + 1, true), places);
    snprintf(other, sizeof(other), "%.*e", places, value);
    CHECK(strcmp(text, other) == 0);
}

static void check_read(void) {
    char text[1000];
    size_t length = 1 + random_below(random_below(10) == 0 ? 900 : 25);
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)('0' + (random_below(4) == 0 ? 0 : random_below(10)));
    }
    if (length > 2) {
        text[random_below(length)] = '.';
    }
    snprintf(text + length, sizeof(text) - length, "e%d", (int)random_below(720) - 360);
    CHECK(read_text(text) == strtod(text, NULL));
}

// The numbers halfway between two doubles, and those a little beside: one digit far behind decides.
static void check_ties(double value) {
    if (value > 1e300 || value < 1e-290) {
        return;
    }
    char text[DECIMAL_DIGITS + 20];
    long double middle = ((long double)value + nextafter(value, INFINITY)) / 2;
    snprintf(text, sizeof(text), "%.780Le", middle);
    CHECK(read_text(text) == strtod(text, NULL));
    char *exponent = strchr(text, 'e'), tail[16];
    snprintf(tail, sizeof(tail), "%s", exponent);
    snprintf(exponent, sizeof(text) - (size_t)(exponent - text), "1%s", tail);
    CHECK(read_text(text) == strtod(text, NULL));
}

int main(void) {
    static const double special[] = {0.1, 0.3, 1, 10, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 9007199254740993.0,
        1.7976931348623157e308, 123456789.125, 1465749866035517.25};
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
        check_shortest(special[i]);
        check_rounded(special[i]);
    }
    for (unsigned turn = 0; turn < 5000; turn++) {
        double value = random_double();
        if (value > 0) {
            check_shortest(value);
            check_rounded(value);
            check_ties(value);
        }
        check_read();
    }
    CHECK(decimal_shortest(0)->count == 0 && decimal_rounded(0, 5, true)->count == 0);
    CHECK(read_text("0") == 0 && read_text("0.000e999999999") == 0);
    CHECK(read_text("1e999999999") == INFINITY && read_text("1e-999999999") == 0);
    return 0;
}
