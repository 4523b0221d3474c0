"""What the tests of this folder share."""

collect_ignore = ["cpython"]  # what CPython's own tests import on the unix build (host/check/compat/cpython.py)
