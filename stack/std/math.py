# math - CPython's: the functions of one number are in C (umath), those of many and of large integers here.

import umath
from umath import *  # noqa: F403 - MicroPython's built-in module under a name that no file has
from umath import copysign, fabs, frexp, inf, isfinite, isinf, isnan, nan
from umath import sqrt as _sqrt

_DIGITS = 53  # of a float's significand
_LEAST = -1074  # exponent of the smallest float
_MOST = 1024  # exponent of the first power of two that is no float


def _index(value):
    """The integer that an object stands for: TypeError if it is none."""
    if isinstance(value, int):
        return int(value)
    method = getattr(type(value), "__index__", None)
    if method is None:
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(value).__name__)
    return method(value)


def _finite(value, *given):
    """A result that has overflowed is an error, unless the arguments were not finite."""
    if isinf(value) and all(isfinite(each) for each in given):
        raise OverflowError("math range error")
    return value


def _domain():
    return ValueError("math domain error")


def _to_integer(x, name, function):
    if isinstance(x, int):
        return int(x)
    method = None if isinstance(x, float) else getattr(type(x), name, None)
    if method is not None:
        return method(x)
    x = float(x)
    if isnan(x):
        raise ValueError("cannot convert float NaN to integer")
    if isinf(x):
        raise OverflowError("cannot convert float infinity to integer")
    return function(x)


def ceil(x):
    return _to_integer(x, "__ceil__", umath.ceil)


def floor(x):
    return _to_integer(x, "__floor__", umath.floor)


def trunc(x):
    if isinstance(x, (int, float)):
        return int(x)
    method = getattr(type(x), "__trunc__", None)
    if method is None:
        raise TypeError("type %s doesn't define __trunc__ method" % type(x).__name__)
    return method(x)


# Exponents and logarithms --------------------------------------------------------------------------------


def _log(x, function, per_bit):
    """A logarithm; `per_bit` is that of 2, for integers that are no floats."""
    if isinstance(x, int):
        if x <= 0:
            raise _domain()
        excess = x.bit_length() - _MOST
        if excess >= 0:
            return function(float(x >> excess + _DIGITS)) + (excess + _DIGITS) * per_bit
    x = float(x)
    if isnan(x) or x == inf:
        return x
    if x <= 0:
        raise _domain()
    return function(x)


def log(x, *base):
    found = _log(x, umath.log, umath.log(2.0))
    if not base:
        return found
    divisor = log(*base)
    if not divisor:
        raise ZeroDivisionError("float division by zero")
    return found / divisor


def log10(x):
    return _log(x, umath.log10, umath.log10(2.0))


def log2(x):
    return _log(x, umath.log2, 1.0)


def log1p(x):
    x = float(x)
    if isnan(x) or x == inf:
        return x
    if x <= -1:
        raise _domain()
    above = 1.0 + x
    # the rounding of 1 + x is made good (Kahan)
    return x if above == 1.0 else umath.log(above) * x / (above - 1.0) if fabs(x) < 1 else umath.log(above)


def _overflowing(function):
    def wrapped(x):
        x = float(x)
        try:
            return function(x)
        except ValueError:
            raise OverflowError("math range error")

    return wrapped


exp, expm1, cosh, sinh = [_overflowing(each) for each in (umath.exp, umath.expm1, umath.cosh, umath.sinh)]


def exp2(x):
    return pow(2.0, x)


def pow(x, y):
    x, y = float(x), float(y)
    if y == 0 or x == 1:
        return 1.0
    try:
        found = umath.pow(x, y)
    except ValueError:
        if x == 0 or (x < 0 and y != int(y)):
            raise _domain()
        raise OverflowError("math range error")
    return found


def ldexp(x, i):
    if not isinstance(i, int):
        raise TypeError("Expected an int as second argument to ldexp.")
    x = float(x)
    if not x or not isfinite(x):
        return x
    if i > 2 * _MOST - _LEAST:
        raise OverflowError("math range error")
    return copysign(0.0, x) if i < 2 * _LEAST - _MOST else _finite(umath.ldexp(x, i), x)


def cbrt(x):
    x = float(x)
    if not x or not isfinite(x):
        return x
    root = copysign(umath.pow(fabs(x), 1 / 3), x)
    return root - (root * root * root - x) / (3 * root * root)


def sqrt(x):
    if isinstance(x, int) and x.bit_length() > _MOST:
        raise OverflowError("int too large to convert to float")
    return _sqrt(x)


def fmod(x, y):
    x, y = float(x), float(y)
    if isnan(x) or isnan(y):
        return nan
    if isinf(x) or not y:
        raise _domain()
    return x if isinf(y) else umath.fmod(x, y)


def remainder(x, y):
    x, y = float(x), float(y)
    if isnan(x) or isnan(y):
        return nan
    if isinf(x) or not y:
        raise _domain()
    if isinf(y):
        return x
    whole, part = fabs(y), umath.fmod(fabs(x), fabs(y))
    rest = whole - part
    if part > rest:
        part = -rest
    elif part == rest:  # the even multiple
        part -= 2.0 * umath.fmod(0.5 * (fabs(x) - part), whole)
    return copysign(1.0, x) * part


def modf(x):
    x = float(x)
    return (copysign(0.0, x), x) if isinf(x) else umath.modf(x)


def lgamma(x):
    x = float(x)
    if isinf(x):
        return inf
    if x <= 0 and x == umath.floor(x):
        raise _domain()
    return _finite(umath.lgamma(x), x)


def gamma(x):
    x = float(x)
    if x == -inf or (x <= 0 and x == umath.floor(x)):
        raise _domain()
    try:
        return umath.gamma(x)
    except ValueError:
        raise OverflowError("math range error")


# Neighbors ----------------------------------------------------------------------------------------------


def ulp(x):
    x = fabs(float(x))
    if not isfinite(x):
        return x
    return umath.ldexp(1.0, max(frexp(x)[1] - _DIGITS, _LEAST)) if x else umath.ldexp(1.0, _LEAST)


def nextafter(x, y):
    x, y = float(x), float(y)
    if isnan(x) or isnan(y):
        return nan
    if x == y:
        return y
    if not x:
        return copysign(umath.ldexp(1.0, _LEAST), y)
    if isinf(x):
        return copysign(umath.ldexp(1.0 - 2.0**-_DIGITS, _MOST), x)
    step = ulp(x)
    if fabs(y) > fabs(x) and (x > 0) == (y > x):
        return copysign(fabs(x) + step, x)
    if (x > 0) == (y > x):
        return copysign(fabs(x) + step, x)
    if frexp(fabs(x))[0] == 0.5 and fabs(x) > umath.ldexp(1.0, -1022):  # below a power of two they are closer
        step /= 2
    return copysign(fabs(x) - step, x)


# Many numbers --------------------------------------------------------------------------------------------


def _exact(x):
    """A finite float as (integer, exponent of two)."""
    significand, exponent = frexp(x)
    return int(umath.ldexp(significand, _DIGITS)), exponent - _DIGITS


def _nearest(number, exponent):
    """The float nearest to number * 2**exponent."""
    excess = max(abs(number).bit_length() - _DIGITS, _LEAST - exponent)
    if excess > 0:
        half, rest = 1 << excess - 1, abs(number) & (1 << excess) - 1
        kept = abs(number) >> excess
        kept += rest > half or (rest == half and kept & 1)
        number, exponent = kept if number >= 0 else -kept, exponent + excess
    if number and abs(number).bit_length() + exponent > _MOST:
        raise OverflowError("intermediate overflow in fsum")
    return umath.ldexp(float(number), exponent)


def fsum(seq):
    """The sum of floats, rounded once."""
    total, special = 0, 0.0
    for each in seq:
        each = float(each)
        if isfinite(each):
            number, exponent = _exact(each)
            total += number << exponent - 2 * _LEAST
        elif isinf(each) and isinf(special) and each != special:
            raise ValueError("-inf + inf in fsum")
        else:
            special += each
    return special if special or isnan(special) else _nearest(total, 2 * _LEAST)


def prod(iterable, *, start=1):
    for each in iterable:
        start = start * each
    return start


def _norm(values):
    """The square root of the sum of squares, without overflow."""
    values = [fabs(float(each)) for each in values]
    if any(isinf(each) for each in values):
        return inf
    if any(isnan(each) for each in values):
        return nan
    if not any(values):
        return 0.0
    parts = [_exact(each) for each in values if each]
    least = min(exponent for _, exponent in parts)
    total = sum((number << exponent - least) ** 2 for number, exponent in parts)
    shift = max(2 * (_DIGITS + 8) - total.bit_length(), 0) + 1 & ~1
    root = isqrt(total << shift)
    sticky = root * root != total << shift
    try:
        return _nearest(root << 1 | sticky, least - shift // 2 - 1)
    except OverflowError:
        return inf


def hypot(*coordinates):
    return _finite(_norm(coordinates), *coordinates)


def dist(p, q):
    p, q = tuple(p), tuple(q)
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    return _norm([float(a) - float(b) for a, b in zip(p, q)])


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    return umath.isclose(a, b, rel_tol=rel_tol, abs_tol=abs_tol)


# Integers ------------------------------------------------------------------------------------------------


def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def gcd(*integers):
    found = 0
    for each in integers:
        found = _gcd(found, abs(_index(each)))
    return found


def lcm(*integers):
    found = 1
    for each in integers:
        each = abs(_index(each))
        if not each:
            found = 0
        elif found:
            found = found // _gcd(found, each) * each
    return found


def isqrt(n):
    n = _index(n)
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    if not n:
        return 0
    # Newton's method, one step for each doubling of the precision: the last division is half of the cost.
    bits = (n.bit_length() - 1) // 2
    root = 1
    precision = 0
    for shift in range(bits.bit_length() - 1, -1, -1):
        last, precision = precision, bits >> shift
        root = (root << precision - last - 1) + (n >> 2 * bits - last - precision + 1) // root
    return root - (root * root > n)


def factorial(x):
    if isinstance(x, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    x = _index(x)
    if x < 0:
        raise ValueError("factorial() not defined for negative values")
    if x > 0x7FFFFFFFFFFFFFFF:
        raise OverflowError("factorial() argument should not exceed 9223372036854775807")
    return umath.factorial(x)


def perm(n, k=None):
    n = _index(n)
    if k is None:
        return factorial(n)
    k = _index(k)
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    return _product(n - k + 1, n) if k <= n else 0


def _product(first, last):
    """The product of the integers from first to last."""
    if last - first < 8:
        found = 1
        for each in range(first, last + 1):
            found *= each
        return found
    middle = first + last >> 1
    return _product(first, middle) * _product(middle + 1, last)


def comb(n, k):
    n, k = _index(n), _index(k)
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    k = min(k, n - k)
    return _product(n - k + 1, n) // _product(1, k)
