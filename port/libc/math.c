// math.c - functions of C11 7.12 that lib/libm_dbl lacks.

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
