// decimal.c - exact conversion between doubles and decimal digits, with big integers of a fixed size.
//
// Shortest digits: Steele and White, "How to print floating-point numbers accurately", 1990, with the scaling of
// Burger and Dybvig, 1996. Reading: Clinger, "How to read floating point numbers accurately", 1990.

#include "py/decimal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define FRACTION_BITS (52)
#define BIAS (1023 + FRACTION_BITS)
#define MIN_EXPONENT (1 - BIAS)
#define HIDDEN ((uint64_t)1 << FRACTION_BITS)
#define QUOTIENT_BITS (55) // the bits of a double, one to round and one more

// Ten to the power 1130 takes 3754 bits: DECIMAL_DIGITS digits at the smallest exponent that is not zero.
#define WORDS (128)

struct big {
    unsigned count; // words in use, the last of them not zero
    uint32_t words[WORDS];
};

static struct big numerator, denominator, gap, sum;
static struct decimal result;
static bool inexact; // digits beyond DECIMAL_DIGITS were not all zero

static void set(struct big *big, uint64_t value) {
    big->words[0] = (uint32_t)value;
    big->words[1] = (uint32_t)(value >> 32);
    big->count = value >> 32 ? 2 : value != 0;
}

static void multiply(struct big *big, uint32_t factor, uint32_t carry) {
    uint64_t rest = carry;
    for (unsigned i = 0; i < big->count; i++) {
        rest += (uint64_t)big->words[i] * factor;
        big->words[i] = (uint32_t)rest;
        rest >>= 32;
    }
    if (rest != 0 && big->count < WORDS) {
        big->words[big->count++] = (uint32_t)rest;
    }
}

static void multiply_power_of_10(struct big *big, int exponent) {
    for (; exponent >= 9; exponent -= 9) {
        multiply(big, 1000000000, 0);
    }
    for (; exponent > 0; exponent--) {
        multiply(big, 10, 0);
    }
}

static void shift_left(struct big *big, unsigned bits) {
    unsigned words = bits / 32;
    if (words > 0 && big->count > 0 && big->count + words <= WORDS) {
        memmove(big->words + words, big->words, big->count * sizeof(uint32_t));
        memset(big->words, 0, words * sizeof(uint32_t));
        big->count += words;
    }
    if (bits % 32 > 0) {
        multiply(big, (uint32_t)1 << (bits % 32), 0);
    }
}

static int compare(const struct big *a, const struct big *b) {
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (unsigned i = a->count; i-- > 0;) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] < b->words[i] ? -1 : 1;
        }
    }
    return 0;
}

// a -= b, which is not larger.
static void subtract(struct big *a, const struct big *b) {
    int64_t borrow = 0;
    for (unsigned i = 0; i < a->count; i++) {
        borrow += (int64_t)a->words[i] - (i < b->count ? b->words[i] : 0);
        a->words[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    while (a->count > 0 && a->words[a->count - 1] == 0) {
        a->count--;
    }
}

// The sign of a + (b << shift) - c.
static int compare_sum(const struct big *a, const struct big *b, unsigned shift, const struct big *c) {
    sum = *b;
    shift_left(&sum, shift);
    uint64_t carry = 0;
    for (unsigned i = 0; i < WORDS && (i < a->count || i < sum.count || carry != 0); i++) {
        carry += (i < sum.count ? sum.words[i] : 0) + (uint64_t)(i < a->count ? a->words[i] : 0);
        sum.words[i] = (uint32_t)carry;
        carry >>= 32;
        if (i >= sum.count) {
            sum.count = i + 1;
        }
    }
    return compare(&sum, c);
}

// The quotient of numerator and denominator, a single digit; the remainder stays in numerator.
static unsigned divide_digit(void) {
    unsigned digit = 0;
    for (; digit < 9 && compare(&numerator, &denominator) >= 0; digit++) {
        subtract(&numerator, &denominator);
    }
    return digit;
}

// value == fraction * 2 ** exponent
static int split(double value, uint64_t *fraction) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    int exponent = (int)(bits >> FRACTION_BITS & 0x7ff);
    *fraction = bits & (HIDDEN - 1);
    if (exponent == 0) {
        return MIN_EXPONENT;
    }
    *fraction |= HIDDEN;
    return exponent - BIAS;
}

// numerator / denominator = value / 10 ** point, below one and at least a tenth but for `slack`, which may lift it to one.
// What `gap` holds is scaled along.
static int scale(double value, int exponent, bool with_gap) {
    if (exponent >= 0) {
        shift_left(&numerator, (unsigned)exponent);
        shift_left(&gap, with_gap ? (unsigned)exponent : 0);
    } else {
        shift_left(&denominator, (unsigned)-exponent);
    }
    int point = (int)ceil(log10(value) - 1e-10);
    if (point >= 0) {
        multiply_power_of_10(&denominator, point);
    } else {
        multiply_power_of_10(&numerator, -point);
        multiply_power_of_10(&gap, with_gap ? -point : 0);
    }
    return point;
}

static void round_up(void) {
    unsigned i = result.count;
    while (i > 0 && result.digits[i - 1] == '9') {
        i--;
    }
    result.count = i;
    if (i > 0) {
        result.digits[i - 1]++;
    } else {
        result.digits[result.count++] = '1';
        result.point++;
    }
}

const struct decimal *decimal_shortest(double value) {
    result.point = 1;
    result.count = 0;
    if (value == 0) {
        return &result;
    }
    uint64_t fraction;
    int exponent = split(value, &fraction);
    bool even = (fraction & 1) == 0;
    // The gap below a power of two is half of that above. `gap` is half of the lower one.
    unsigned narrow = fraction == HIDDEN && exponent > MIN_EXPONENT;
    set(&numerator, fraction << (1 + narrow));
    set(&denominator, (uint64_t)1 << (1 + narrow));
    set(&gap, 1);
    result.point = scale(value, exponent, true);
    if (compare_sum(&numerator, &gap, narrow, &denominator) >= (even ? 0 : 1)) {
        result.point++;
    } else {
        multiply(&numerator, 10, 0);
        multiply(&gap, 10, 0);
    }
    for (;;) {
        unsigned digit = divide_digit();
        bool low = compare(&numerator, &gap) < (even ? 1 : 0);
        bool high = compare_sum(&numerator, &gap, narrow, &denominator) > (even ? -1 : 0);
        if (low && high) {
            int half = compare_sum(&numerator, &numerator, 0, &denominator);
            high = half > 0 || (half == 0 && (digit & 1) != 0);
        }
        result.digits[result.count++] = (char)('0' + digit + (high ? 1 : 0));
        if (low || high || result.count == DECIMAL_DIGITS) {
            return &result;
        }
        multiply(&numerator, 10, 0);
        multiply(&gap, 10, 0);
    }
}

const struct decimal *decimal_rounded(double value, int places, bool significant) {
    result.point = 1;
    result.count = 0;
    if (value == 0) {
        return &result;
    }
    uint64_t fraction;
    set(&denominator, 1);
    int exponent = split(value, &fraction);
    set(&numerator, fraction);
    result.point = scale(value, exponent, false);
    if (compare(&numerator, &denominator) >= 0) {
        result.point++;
        multiply(&denominator, 10, 0);
    }
    int wanted = significant ? places : result.point + places;
    if (wanted < 0) {
        return &result;
    }
    while ((int)result.count < wanted && result.count < DECIMAL_DIGITS && numerator.count > 0) {
        multiply(&numerator, 10, 0);
        result.digits[result.count] = (char)('0' + divide_digit());
        result.count++;
    }
    int half = compare_sum(&numerator, &numerator, 0, &denominator);
    bool odd = result.count > 0 && (result.digits[result.count - 1] & 1) != 0;
    if (half > 0 || (half == 0 && odd)) {
        round_up();
    }
    return &result;
}

void decimal_begin(void) {
    result.point = 0;
    result.count = 0;
    inexact = false;
}

// result.point counts the digits that are not behind the point and were not leading zeros.
void decimal_digit(unsigned digit, bool fraction) {
    bool leading = result.count == 0 && digit == 0;
    if (!leading) {
        if (result.count < DECIMAL_DIGITS - 1) {
            result.digits[result.count++] = (char)('0' + digit);
        } else {
            inexact |= digit != 0;
        }
    }
    if (leading ? fraction : !fraction) {
        result.point += fraction ? -1 : 1;
    }
}

// numerator / denominator with QUOTIENT_BITS bits, the last of which is set as well if the rest is not zero. The
// quotient is result * 2 ** exponent.
static uint64_t divide(int *exponent) {
    int bits = (int)(numerator.count - denominator.count) * 32;
    int shift = QUOTIENT_BITS - bits;
    shift_left(shift >= 0 ? &numerator : &denominator, (unsigned)(shift >= 0 ? shift : -shift));
    *exponent = -shift;
    // Now the quotient has QUOTIENT_BITS +- 32 bits: the denominator goes up until it is larger, then down bit by bit.
    unsigned steps = 0;
    while (compare(&numerator, &denominator) >= 0) {
        shift_left(&denominator, 1);
        steps++;
    }
    *exponent += (int)steps - QUOTIENT_BITS;
    uint64_t quotient = 0;
    for (unsigned i = 0; i < QUOTIENT_BITS; i++) {
        shift_left(&numerator, 1);
        quotient <<= 1;
        if (compare(&numerator, &denominator) >= 0) {
            subtract(&numerator, &denominator);
            quotient |= 1;
        }
    }
    return quotient | (numerator.count > 0);
}

// quotient * 2 ** exponent, rounded once.
static double rounded(uint64_t quotient, int exponent) {
    int drop = QUOTIENT_BITS - FRACTION_BITS - 1;
    if (exponent + drop < MIN_EXPONENT) { // subnormal: fewer bits stay
        drop = MIN_EXPONENT - exponent;
        if (drop > 63) {
            return 0;
        }
    }
    uint64_t rest = quotient & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);
    quotient >>= drop;
    if (rest > half || (rest == half && (quotient & 1) != 0)) {
        quotient++;
    }
    return ldexp((double)quotient, exponent + drop);
}

// The powers of ten that a double holds exactly.
#define EXACT_POWER (22)
static const double exact_powers[EXACT_POWER + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
    1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

double decimal_end(int exponent) {
    while (result.count > 0 && result.digits[result.count - 1] == '0' && !inexact) {
        result.count--;
    }
    // Far outside of the range of a double in any case, and the sum below must not overflow.
    exponent = exponent > 1000000000 ? 1000000000 : exponent < -1000000000 ? -1000000000 : exponent;
    int64_t point = (int64_t)result.point + exponent;
    if (result.count == 0 || point < -330) {
        return 0;
    }
    if (point > 310) {
        return (double)INFINITY;
    }
    if (inexact) {
        result.digits[result.count++] = '1';
    }
    set(&numerator, 0);
    for (unsigned i = 0; i < result.count; i++) {
        if (numerator.count == 0) {
            set(&numerator, (uint64_t)(result.digits[i] - '0'));
        } else {
            multiply(&numerator, 10, (uint32_t)(result.digits[i] - '0'));
        }
    }
    int power = (int)point - (int)result.count;
    // Clinger's fast path: both are exact, so one operation rounds once.
    if (numerator.count <= 2 && power >= -EXACT_POWER && power <= EXACT_POWER) {
        uint64_t whole = numerator.words[0] | (numerator.count == 2 ? (uint64_t)numerator.words[1] << 32 : 0);
        if (whole <= 2 * HIDDEN) {
            return power < 0 ? (double)whole / exact_powers[-power] : (double)whole * exact_powers[power];
        }
    }
    set(&denominator, 1);
    multiply_power_of_10(power < 0 ? &denominator : &numerator, power < 0 ? -power : power);
    int two;
    uint64_t quotient = divide(&two);
    return rounded(quotient, two);
}
