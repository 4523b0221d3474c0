# identification.py - numbers for the datagrams we send in fragments, for both families: RFC 6864 4.2, RFC
# 7739 5.3 (the hash-based algorithm). Of two to one destination they do not repeat soon, and nobody learns
# from his own how many others get (idle scans).
import hashlib

_COUNTERS = 64


class Identifications:
    """next(key): an unused number of 32 bits for that destination; IPv4 takes the lower 16."""

    def __init__(self, secret):
        self.secret = secret
        self.counters = [0] * _COUNTERS

    def next(self, key):
        """`key`: the bytes of source, destination and, in IPv4, protocol."""
        digest = hashlib.sha256(self.secret + key).digest()
        counter = digest[4] % _COUNTERS
        self.counters[counter] = number = (self.counters[counter] + 1) & 0xFFFFFFFF
        return (int.from_bytes(digest[:4], "big") + number) & 0xFFFFFFFF
