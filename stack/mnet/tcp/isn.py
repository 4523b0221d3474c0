# isn.py - initial sequence numbers: RFC 9293 3.4.1, RFC 6528 section 3.
from ..seq import M32
from ..wire.primitives import sha256, u32


def initial(secret, ends, lport, rport, now):
    """ISN = M + F(connection, secret): M ticks every 4 microseconds, F is the beginning of a SHA-256."""
    digest = sha256(ends)
    digest.update((lport << 16 | rport).to_bytes(4, "big"))
    digest.update(secret)
    return ((now >> 2) + u32(digest.digest(), 0)) & M32
