// decimal.h - exact conversion between doubles and decimal digits.
//
// All results are those of IEEE 754: correctly rounded, ties to even. The functions share static storage: one processor
// runs them, and nothing in them waits.

#ifndef PYMNET_DECIMAL_H
#define PYMNET_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

// The digits of the smallest subnormal and of every tie beside it: more cannot change a result.
#define DECIMAL_DIGITS (800)

// 0.DIGITS times ten to the power `point`. No digits: zero.
struct decimal {
    int point;
    unsigned count;
    char digits[DECIMAL_DIGITS];
};

// The fewest digits that read back as `value`, which is finite and not negative. Valid until the next call.
const struct decimal *decimal_shortest(double value);

// `value` with `places` digits in all (significant), else with `places` digits after the point. Trailing zeros may be
// missing from the result. Valid until the next call.
const struct decimal *decimal_rounded(double value, int places, bool significant);

// Reads a number digit by digit: begin, each digit in order, end with the exponent as written.
void decimal_begin(void);
void decimal_digit(unsigned digit, bool fraction);
double decimal_end(int exponent);

#endif // PYMNET_DECIMAL_H
