# primitives.py - the bytes-level work of the fast path: C on MicroPython (port/wire), its plain Python twin
# elsewhere.
#
# Nothing here decides anything: parse, write from a template, copy, sum. Protocol decisions stay in Python.
# tests/unit/mnet/test_primitives.py holds both to the same answers.
try:
    from _wire import Segment, copy, nbytes, put16, put32, ring_get, ring_put, sum16, tcp_header, u16, u32
except ImportError:
    from .pure import Segment, copy, nbytes, put16, put32, ring_get, ring_put, sum16, tcp_header, u16, u32  # noqa: F401
