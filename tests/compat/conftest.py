"""What the tests of this folder share."""

# What CPython's own tests import on the unix build (host/check/compat/cpython.py).
collect_ignore = ["cpython"]
