# identification.py - identifications of fragmented datagrams, for both families: RFC 6864 4.2, RFC 7739 5.3
# (the hash-based algorithm). For one destination they do not repeat soon, and they reveal nothing about the
# traffic to other hosts (idle scans).

from ..wire.primitives import sha256

_COUNTERS = 64


class Identifications:
    """Generates identifications: next(key) returns an unused 32-bit number for that destination; IPv4 uses
    the lower 16 bits."""

    def __init__(self, secret):
        self.secret = secret
        self.counters = [0] * _COUNTERS

    def next(self, key):
        """`key`: the bytes of source, destination and, in IPv4, protocol."""
        digest = sha256(self.secret + key).digest()
        counter = digest[4] % _COUNTERS
        self.counters[counter] = number = (self.counters[counter] + 1) & 0xFFFFFFFF
        return (int.from_bytes(digest[:4], "big") + number) & 0xFFFFFFFF
