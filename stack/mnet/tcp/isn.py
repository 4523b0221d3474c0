# isn.py - initial sequence numbers: RFC 9293 3.4.1, RFC 6528 section 3.
import struct

from ..seq import M32
from ..wire.primitives import sha256


def initial(secret, ends, lport, rport, now):
    """ISN = M + F(connection, secret): M ticks every 4 microseconds, F is the beginning of a SHA-256."""
    name = struct.pack("!HH", lport, rport) + ends
    digest = sha256(name + secret).digest()
    return ((now >> 2) + struct.unpack("!I", digest[:4])[0]) & M32
