// math.c - functions of C11 7.12 that lib/libm_dbl lacks or has with too large an error.

#include <float.h>
#include <math.h>

double fabs(double x) {
    return __builtin_fabs(x);
}

double nan(const char *tag) {
    (void)tag;
    return __builtin_nan("");
}

// Not C11: the compiler makes one call of a sin() and a cos() of the same angle.
void sincos(double x, double *sine, double *cosine);

void sincos(double x, double *sine, double *cosine) {
    *sine = sin(x);
    *cosine = cos(x);
}

// Split x > 0 into a significand and an exponent: one of them near 1 and 0, so that their logarithms do not cancel.
static double split(double x, int *exponent) {
    double significand = frexp(x, exponent); // 0.5 to 1
    if (*exponent > 0) {
        significand *= 2;
        *exponent -= 1;
    }
    return significand;
}

// log(x) / log(10) would give 2.9999999999999996 for 1000: the exponent's part is exact in LOG10_2_HIGH.
#define LOG10_2_HIGH 0x1.34413509f6p-2 // 40 bits: a product with an exponent has no rounding
#define LOG10_2_LOW 0x1.9fef311f12b36p-42
#define LOG10_E 0x1.bcb7b1526e50ep-2

double log10(double x) {
    if (!(x > 0) || x > DBL_MAX) {
        return log(x); // -inf, NaN, inf
    }
    int exponent;
    double significand = split(x, &exponent);
    return exponent * LOG10_2_LOW + LOG10_E * log(significand) + exponent * LOG10_2_HIGH;
}

double log2(double x) {
    if (!(x > 0) || x > DBL_MAX) {
        return log(x);
    }
    int exponent;
    double significand = split(x, &exponent);
    if (significand > 0x1.6a09e667f3bcdp0) { // the square root of 2
        significand /= 2;
        exponent += 1;
    }
    return exponent + log(significand) / 0x1.62e42fefa39efp-1;
}
