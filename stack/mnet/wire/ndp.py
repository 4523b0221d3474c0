# ndp.py - messages and options of neighbor discovery: RFC 4861 section 4, RFC 8106 section 5, RFC 7527.
# Bytes only. `off` is the offset of the ICMPv6 message.
from micropython import const

from ..errors import ParseError
from .primitives import u16, u32

SOURCE_MAC = const(1)
TARGET_MAC = const(2)
PREFIX = const(3)
MTU = const(5)
NONCE = const(14)
RDNSS = const(25)
DNSSL = const(31)

# Flags of an advertisement
ROUTER = const(0x80)
SOLICITED = const(0x40)
OVERRIDE = const(0x20)

# Flags of a prefix
ON_LINK = const(0x80)
AUTONOMOUS = const(0x40)


def options(frame, off, end):
    """Return [(kind, offset, length in bytes)] of the options in frame[off:end]. ParseError if one has
    length 0 or is truncated (RFC 4861 4.6: the packet is then dropped)."""
    found = []
    while off < end:
        size = frame[off + 1] << 3 if off + 2 <= end else 0
        if not size or off + size > end:
            raise ParseError("ndp_option_length")
        found.append((frame[off], off, size))
        off += size
    return found


def find(found, kind, frame):
    """Return the content of the first option of this kind, or None."""
    for each, off, size in found:
        if each == kind:
            return bytes(frame[off + 2 : off + size])
    return None


def mac_option(kind, mac):
    """Build a link-layer address option."""
    return bytes((kind, 1)) + mac


def nonce_option(nonce):
    """Build a nonce option, by which a node recognises its own solicitation (RFC 7527 4.1, RFC 3971
    5.3.2)."""
    return bytes((NONCE, 1)) + nonce


def prefix(frame, off, size):
    """Parse a prefix option into (prefix, length, flags, valid, preferred), lifetimes in seconds. None if
    its size is wrong."""
    if size != 32 or frame[off + 2] > 128:
        return None
    return (
        bytes(frame[off + 16 : off + 32]),
        frame[off + 2],
        frame[off + 3],
        u32(frame, off + 4),
        u32(frame, off + 8),
    )


def servers(frame, off, size):
    """Parse a RDNSS option into (addresses, lifetime). None if its size is not a header and whole
    addresses (Bad Neighbor, CVE-2020-16898): RFC 8106 5.3.1."""
    if size < 24 or size & 15 != 8:
        return None
    return [bytes(frame[at : at + 16]) for at in range(off + 8, off + size, 16)], u32(frame, off + 4)


def domains(frame, off, size):
    """Parse a DNSSL option into (names, lifetime): RFC 8106 5.2, RFC 1035 3.1 without compression. None if
    it is malformed."""
    if size < 16:
        return None
    end = off + size
    lifetime = u32(frame, off + 4)
    off += 8
    names = []
    labels = []
    while off < end:
        n = frame[off]
        if n > 63 or off + 1 + n > end:
            return None
        if n:
            labels.append(bytes(frame[off + 1 : off + 1 + n]))
        elif labels:
            names.append(b".".join(labels))
            labels = []
        off += 1 + n
    return None if labels or any([len(name) > 253 for name in names]) else (names, lifetime)


def mtu(frame, off, size):
    """Parse an MTU option; 0 if its size is wrong."""
    return u32(frame, off + 4) if size == 8 else 0


def router(frame, off):
    """Parse a router advertisement into (hop limit, flags, lifetime in seconds, reachable time and
    retransmission time in milliseconds)."""
    return frame[off + 4], frame[off + 5], u16(frame, off + 6), u32(frame, off + 8), u32(frame, off + 12)
