# Hostile input ends in an exception, soon and without much memory: JSON, formats, numbers, products.

import json
import re
import struct
import time

start = time.monotonic()


def refused(errors, function, *args):
    try:
        function(*args)
    except errors:
        return
    raise AssertionError((function, str(args)[:60]))


# JSON
for text in (
    "[" * 100000,
    '{"a":' * 100000,
    "1" * 100000,
    '"' + "\\u12" * 10000,
    "-" * 100000,
    "[1," * 10000,
    "1e",
):
    refused((ValueError, RecursionError), json.loads, text)
assert json.loads("1e" + "9" * 100000) == float("inf")
assert json.loads("[" + "1," * 20000 + "1]")[-1] == 1

# Regular expressions
for pattern in (
    "(" * 3000,
    "a{99999999999999999999}",
    "[a",
    "(?P<" + "a" * 5000,
    "a**",
    "(?" * 1000,
    "\\" * 1001,
):
    refused((re.error, RecursionError, OverflowError), re.compile, pattern)

# Formats of struct
for form in ("9" * 5000 + "s", "9999999999999999999i", "i" * 20 + "y", "4611686018427387904q"):
    refused(struct.error, struct.calcsize, form)
refused(struct.error, struct.unpack, "999999999s", b"")

# Format strings
for form in (
    "{:" + "9" * 5000 + "}",
    "{" * 5001,
    "{0" + "[0" * 5000,
    "}" * 5001,
    "{:.}",
    "{0." + "a." * 5000 + "b}",
    "{!x}",
):
    refused((ValueError, AttributeError), form.format, 1)
for form in ("%" + "9" * 5000 + "d", "%(" * 5000, "%y", "%", "%*d"):
    refused((ValueError, TypeError), lambda form=form: form % 1)

# Numbers
for text in ("9" * 1000000, "1_" * 100000, "9" * 4301, "0x" + "g" * 100000, "-" * 100000):
    refused(ValueError, int, text, 0)
assert float("9" * 100000) == float("inf") and float("1e-" + "9" * 100000) == 0.0
assert int("f" * 100000, 16).bit_length() == 400000
refused(ValueError, str, 1 << 100000)
refused(ValueError, lambda: "%d" % (1 << 100000))
refused(ValueError, pow, 2, 3, 0)
assert round(1.5, 10**9) == 1.5

# Products
for value in ("abcd", b"abcd", [1, 2, 3, 4], (1, 2, 3, 4), bytearray(b"abcd")):
    refused((MemoryError, OverflowError), lambda value=value: value * 2**60)
    refused((MemoryError, OverflowError), lambda value=value: value * (2**62 + 1))
refused((MemoryError, OverflowError), bytearray, 2**62)

assert time.monotonic() - start < 60
