# address6.py - IPv6 addresses: 16 bytes, their text (RFC 4291 2.2, RFC 5952) and their kinds (RFC 4291 2.4 to
# 2.7).
from .address import ANY_IPV6, format_ipv4, parse_ipv4

UNSPECIFIED = ANY_IPV6
LOOPBACK = bytes(15) + b"\1"
LINK_LOCAL = b"\xfe\x80" + bytes(14)  # with 64 bits of prefix
ALL_NODES = b"\xff\2" + bytes(13) + b"\1"
ALL_ROUTERS = b"\xff\2" + bytes(13) + b"\2"
ALL_MLDV2_ROUTERS = b"\xff\2" + bytes(13) + b"\x16"
_SOLICITED = b"\xff\2" + bytes(9) + b"\1\xff"
_MAPPED = bytes(10) + b"\xff\xff"


def parse_ipv6(text):
    """Parse 'fd00::2' into 16 bytes. ValueError for any other form; zones are parsed in sockets/."""
    try:
        if text.count("::") > 1 or ":::" in text:
            raise ValueError
        head, gap, tail = text.partition("::")
        left, right = _groups(head, not gap), _groups(tail, True)
        missing = 16 - len(left) - len(right)
        if missing < 2 if gap else missing:
            raise ValueError
        return left + bytes(missing) + right
    except ValueError:
        raise ValueError("not an IPv6 address: %r" % (text,))


def _groups(text, last):
    """Parse groups of hexadecimal digits; the last two may be an IPv4 address (RFC 4291 2.2, 3)."""
    packed = b""
    groups = text.split(":") if text else []
    for i, group in enumerate(groups):
        if last and i == len(groups) - 1 and "." in group:
            packed += parse_ipv4(group).to_bytes(4, "big")
        elif 1 <= len(group) <= 4 and all(["0" <= c <= "9" or "a" <= c <= "f" for c in group.lower()]):
            packed += int(group, 16).to_bytes(2, "big")
        else:
            raise ValueError
    if len(packed) > 16:
        raise ValueError
    return packed


def format_ipv6(address):
    """Format 16 bytes by RFC 5952 section 4."""
    if is_mapped(address):
        return "::ffff:" + format_ipv4(unmapped(address))
    groups = [address[i] << 8 | address[i + 1] for i in range(0, 16, 2)]
    start, length = _longest_zeros(groups)
    texts = ["%x" % group for group in groups]
    if length < 2:
        return ":".join(texts)
    return ":".join(texts[:start]) + "::" + ":".join(texts[start + length :])


def _longest_zeros(groups):
    """Return (index, length) of the first longest run of zeros."""
    best = (0, 0)
    run = 0
    for i, group in enumerate(groups):
        run = 0 if group else run + 1
        if run > best[1]:
            best = (i + 1 - run, run)
    return best


def format_address(address):
    """Format an address of either family; None is the unspecified address of both."""
    return format_ipv4(address) if isinstance(address, int) else format_ipv6(address or UNSPECIFIED)


def parse_cidr6(text):
    """Parse 'fd00::2/64' into (address, prefix length). ValueError if it is malformed or has no prefix
    length."""
    address, slash, prefix = text.partition("/")
    if (
        not slash
        or not 0 < len(prefix) <= 3
        or not all(["0" <= c <= "9" for c in prefix])
        or int(prefix) > 128
    ):
        raise ValueError("not an IPv6 address with a prefix length, such as fd00::2/64: %r" % (text,))
    return parse_ipv6(address), int(prefix)


def interface_address6(text):
    """Parse 'fd00::2/64' into (address, prefix length) of a host. ValueError if no host can have it: the
    subnet-router anycast address is invalid (RFC 4291 2.6.1), except on /127 and /128 (RFC 6164)."""
    address, length = parse_cidr6(text)
    if not is_unicast(address) or (length < 127 and address == network(address, length)):
        raise ValueError("no host can have the address %s" % text)
    return address, length


def gateway_address6(text, address=None):
    """Parse the address of the default router of a host at `address`. ValueError if no router can have it."""
    gateway = parse_ipv6(text)
    if gateway == address:
        raise ValueError("%s is the host's own address" % text)
    if not is_unicast(gateway):
        raise ValueError("no router can have the address %s" % text)
    return gateway


def is_unicast(address):
    """Whether this is a unicast address of a link: not ::, ::1, ff00::/8 or ::ffff:0:0/96 (RFC 4291 2.5.2,
    2.5.3, RFC 6890)."""
    return not is_multicast(address) and address not in (UNSPECIFIED, LOOPBACK) and not is_mapped(address)


def is_multicast(address):
    """Whether this is in ff00::/8."""
    return address[0] == 0xFF


def is_link_local(address):
    """Whether this is in fe80::/10."""
    return address[0] == 0xFE and address[1] & 0xC0 == 0x80


def is_mapped(address):
    """Whether this is an IPv4-mapped address, ::ffff:0:0/96 (RFC 4291 2.5.5.2)."""
    return address[:12] == _MAPPED


def mapped(address):
    """Convert an IPv4 address to an IPv4-mapped one."""
    return _MAPPED + address.to_bytes(4, "big")


def unmapped(address):
    """Convert an IPv4-mapped address to an IPv4 one."""
    return int.from_bytes(address[12:], "big")


def solicited_node(address):
    """Return the solicited-node multicast address (RFC 4291 2.7.1)."""
    return _SOLICITED + address[13:]


def multicast_mac(group):
    """Return the MAC address of a group (RFC 2464 section 7)."""
    return b"\x33\x33" + group[12:]


def common_bits(a, b):
    """Return the length of the common prefix in bits."""
    different = int.from_bytes(a, "big") ^ int.from_bytes(b, "big")
    n = 128
    while different:
        different >>= 1
        n -= 1
    return n


def same_prefix(a, b, length):
    """Whether the first `length` bits are equal."""
    n = length >> 3
    if a[:n] != b[:n]:
        return False
    rest = 8 - (length & 7)
    return rest == 8 or a[n] >> rest == b[n] >> rest


def network(address, length):
    """Return the first `length` bits, padded with zeros."""
    n = length >> 3
    if n == 16:
        return address
    return address[:n] + bytes((address[n] & 0xFF00 >> (length & 7) & 0xFF,)) + bytes(15 - n)


def scope(address):
    """Return the scope (RFC 6724 3.1): 2 link-local, 5 site-local, 14 global; that of a multicast address
    is in the address."""
    if is_multicast(address):
        return address[1] & 15
    if is_link_local(address) or address == LOOPBACK:
        return 2
    return 5 if address[0] == 0xFE and address[1] & 0xC0 == 0xC0 else 14


def eui64(mac):
    """Return the modified EUI-64 interface identifier of a MAC (RFC 4291 appendix A)."""
    return bytes((mac[0] ^ 2,)) + mac[1:3] + b"\xff\xfe" + mac[3:6]
