// half.c - numbers of 16 bits (IEEE 754 binary16), for the code 'e'.

#include <math.h>

#include "py/runtime.h"
#include "format.h"

// Rounds to the nearest, ties to even; OverflowError beyond the largest.
uint16_t half_of(double value) {
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    if (isnan(value)) {
        return sign | 0x7e00;
    }
    double magnitude = fabs(value);
    if (isinf(magnitude)) {
        return sign | 0x7c00;
    }
    int exponent;
    frexp(magnitude, &exponent);
    exponent = magnitude == 0 || exponent < -13 ? -13 : exponent; // below are the subnormal ones
    if (exponent > 16) {
        mp_raise_msg(&mp_type_OverflowError, MP_ERROR_TEXT("float too large to pack with e format"));
    }
    double units = ldexp(magnitude, 11 - exponent); // of the last bit: below 2048
    double whole = floor(units), rest = units - whole;
    uint32_t bits = (uint32_t)whole;
    bits += rest > 0.5 || (rest == 0.5 && (bits & 1));
    bits += (uint32_t)(exponent + 13) << 10; // a carry goes into the exponent
    if (bits >= 0x7c00) {
        mp_raise_msg(&mp_type_OverflowError, MP_ERROR_TEXT("float too large to pack with e format"));
    }
    return sign | bits;
}

double half_value(uint16_t half) {
    int exponent = half >> 10 & 0x1f;
    double fraction = half & 0x3ff;
    double value;
    if (exponent == 0x1f) {
        value = fraction == 0 ? INFINITY : NAN;
    } else {
        value = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 1024, exponent - 25);
    }
    return half & 0x8000 ? -value : value;
}
