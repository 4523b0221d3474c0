# primitives.py - byte operations of the fast path: C on MicroPython (port/wire), their plain Python twins
# elsewhere.
#
# They parse, fill templates, copy and sum. Protocol decisions stay in Python.
# tests/unit/mnet/wire/test_primitives.py compares both implementations.
try:
    from _wire import (
        Segment,
        Transmit,
        copy,
        nbytes,
        put16,
        put32,
        ring_get,
        ring_put,
        sum16,
        tcp_header,
        u16,
        u32,
    )
except ImportError:
    from .pure import (  # noqa: F401
        Segment,
        Transmit,
        copy,
        nbytes,
        put16,
        put32,
        ring_get,
        ring_put,
        sum16,
        tcp_header,
        u16,
        u32,
    )
try:
    from uhashlib import sha256  # in C: the module hashlib is for programs
except ImportError:
    from .pure import sha256  # noqa: F401
