// test_math.c - port/libc/math.c against the host's library.

#include <float.h>
#include <math.h>

#include "check.h"

#define fabs port_fabs
#define log10 port_log10
#define log2 port_log2
#define nan port_nan
#define sincos port_sincos
#include "libc/math.c"
#undef fabs
#undef log10
#undef log2
#undef nan
#undef sincos
extern double log10(double), log2(double);

// The distance of two numbers in units in the last place of the second.
static double ulps(double found, double expected) {
    double unit = nextafter(port_fabs(expected), INFINITY) - port_fabs(expected);
    return port_fabs(found - expected) / unit;
}

static void test_powers_are_exact(void) {
    for (int n = 0; n <= 22; n++) { // 10 ** 22 is the last one that a double holds
        double x = 1;
        for (int i = 0; i < n; i++) {
            x *= 10;
        }
        CHECK(port_log10(x) == n);
    }
    for (int n = -1074; n < 1024; n++) {
        CHECK(port_log2(ldexp(1, n)) == n);
    }
}

static void test_others_are_near(void) {
    for (int turn = 0; turn < 200000; turn++) {
        double significand = 1 + ldexp((double)random_below(1u << 30), -30);
        double x = ldexp(significand, (int)random_below(turn % 2 ? 2000 : 4) - (turn % 2 ? 1000 : 2));
        CHECK(ulps(port_log10(x), log10(x)) <= 2);
        CHECK(ulps(port_log2(x), log2(x)) <= 2);
    }
}

static void test_the_ends(void) {
    CHECK(port_log10(0) == -INFINITY && port_log2(-0.0) == -INFINITY);
    CHECK(isnan(port_log10(-1)) && isnan(port_log2(NAN)));
    CHECK(port_log10(INFINITY) == INFINITY && port_log2(DBL_MAX) == 1024);
    CHECK(port_log10(DBL_TRUE_MIN) == log10(DBL_TRUE_MIN));
}

int main(void) {
    test_powers_are_exact();
    test_others_are_near();
    test_the_ends();
    return 0;
}
