# seq.py - 32-bit sequence number arithmetic, RFC 9293 3.4. The fast path does the same in line with `& M32`,
# because a call costs more there than the sum.
from micropython import const

M32 = const(0xFFFFFFFF)
HALF = const(0x80000000)


def add(a, n):
    """a + n modulo 2**32."""
    return (a + n) & M32


def sub(a, b):
    """Return the distance from b up to a, 0 .. 2**32 - 1."""
    return (a - b) & M32


def diff(a, b):
    """Return the signed distance from b to a, -2**31 .. 2**31 - 1."""
    d = (a - b) & M32
    return d if d < HALF else d - 0x100000000


def lt(a, b):
    """Whether a < b, modulo 2**32."""
    return (a - b) & M32 >= HALF


def le(a, b):
    """Whether a <= b, modulo 2**32."""
    return (b - a) & M32 < HALF


def between(a, low, high):
    """Whether low <= a <= high, modulo 2**32."""
    return (a - low) & M32 <= (high - low) & M32
