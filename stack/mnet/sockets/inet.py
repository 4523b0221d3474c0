# inet.py - conversions of addresses and of byte order.
from mkernel.errors import oserror, plain

from ..address import format_ipv4
from ..address6 import format_ipv6
from ..errors import EAFNOSUPPORT
from .families import gaierror, parse_host
from .names import AF_INET, AF_INET6
from .transfer import length


def inet_aton(text):
    """'10.0.0.2' -> b'\\x0a\\0\\0\\x02'; also of one to three numbers, the last of which fills the rest, each
    decimal, octal or hexadecimal (inet(3))."""
    try:
        words = text.split()[0].split(".")
        values = [_number(word) for word in words]
        rest = values.pop()
        if len(values) > 3 or max(values + [0]) > 255 or rest >> 8 * (4 - len(values)):
            raise ValueError
    except (ValueError, IndexError):
        raise plain("illegal IP address string passed to inet_aton")
    return bytes(values) + rest.to_bytes(4 - len(values), "big")


def _number(word):
    if word[:1] == "0" and word[1:2] in ("x", "X"):
        return int(word[2:], 16)
    if not word.isdigit():
        raise ValueError
    return int(word, 8 if word[:1] == "0" else 10)


def inet_ntoa(packed):
    """b'\\x0a\\0\\0\\x02' -> '10.0.0.2'."""
    if length(packed) != 4:
        raise plain("packed IP wrong length for inet_ntoa")
    return "%d.%d.%d.%d" % tuple(bytes(packed))


def inet_pton(family, text):
    """Parse an address into 4 or 16 bytes. OSError if it is malformed."""
    if family not in (AF_INET, AF_INET6):
        raise oserror(EAFNOSUPPORT)
    try:
        if "%" in text or not text:
            raise gaierror
        address = parse_host(text, family)
    except gaierror:
        raise plain("illegal IP address string passed to inet_pton")
    return address.to_bytes(4, "big") if family == AF_INET else address


def inet_ntop(family, packed):
    """Format an address of 4 or 16 bytes. ValueError for another length."""
    if family not in (AF_INET, AF_INET6):
        raise ValueError("unknown address family %d" % family)
    if length(packed) != (4 if family == AF_INET else 16):
        raise ValueError("invalid length of packed IP address string")
    packed = bytes(packed)
    return format_ipv4(int.from_bytes(packed, "big")) if family == AF_INET else format_ipv6(packed)


def _swapped16(x, call):
    if x < 0:
        raise OverflowError("%s: can't convert negative Python int to C 16-bit unsigned integer" % call)
    if x > 0xFFFF:
        raise OverflowError("%s: Python int too large to convert to C 16-bit unsigned integer" % call)
    return (x & 0xFF) << 8 | x >> 8


def _swapped32(x):
    if x < 0:
        raise OverflowError("can't convert negative value to unsigned int")
    if x > 0xFFFFFFFF:
        raise OverflowError("int larger than 32 bits")
    return int.from_bytes(x.to_bytes(4, "little"), "big")


def htons(x):
    """Convert 16 bits to network order."""
    return _swapped16(x, "htons")


def ntohs(x):
    """Convert 16 bits from network order."""
    return _swapped16(x, "ntohs")


def htonl(x):
    """Convert 32 bits to network order."""
    return _swapped32(x)


ntohl = htonl
