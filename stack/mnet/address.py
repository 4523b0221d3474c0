# address.py - IPv4 addresses as strings and as 32-bit integers in host order; RFC 6943 3.1.1: dotted decimal
# only.

ANY_IPV6 = bytes(16)


def parse_ipv4(text):
    """Convert '10.0.0.2' to 0x0a000002. ValueError for any other form: no octal, no short forms."""
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError("not an IPv4 address: %r" % (text,))
    value = 0
    for part in parts:
        if (
            not (0 < len(part) <= 3 and _digits(part))
            or int(part) > 255
            or (len(part) > 1 and part[0] == "0")
        ):
            raise ValueError("not an IPv4 address: %r" % (text,))
        value = value << 8 | int(part)
    return value


def format_ipv4(value):
    """Convert 0x0a000002 to '10.0.0.2'."""
    return "%d.%d.%d.%d" % (value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255)


def covers(bound, address):
    """Whether a socket bound to `bound` receives packets to our `address`. 0 covers all IPv4 addresses,
    ANY_IPV6 all IPv6 addresses, None both."""
    if bound is None or bound == address:
        return True
    return bound == (0 if isinstance(address, int) else ANY_IPV6)


def is_any(address):
    """Whether this is a wildcard address."""
    return address is None or address == 0 or address == ANY_IPV6


def is_group(address):
    """Whether this is a multicast address of either family (RFC 1112 section 4, RFC 4291 2.7)."""
    return address >> 28 == 14 if isinstance(address, int) else address is not None and address[0] == 0xFF


def parse_cidr(text):
    """Parse '10.0.0.2/24' into (address, prefix length). ValueError if it is malformed or has no prefix
    length."""
    address, slash, prefix = text.partition("/")
    if not slash or not _digits(prefix) or int(prefix) > 32:
        raise ValueError("not an IPv4 address with a prefix length, such as 10.0.0.2/24: %r" % (text,))
    return parse_ipv4(address), int(prefix)


def is_unicast(address):
    """Whether this is a unicast IPv4 address of the Internet: not 0/8, 127/8, 224/4 or 240/4 (RFC 1122
    3.2.1.3, RFC 6890)."""
    return 0 < address >> 24 < 0xE0 and address >> 24 != 127


def interface_address(text):
    """Parse '10.0.0.2/24' into (address, prefix length) of a host. ValueError if no host can have it: the
    network address and the broadcast address are invalid, except on /31 and /32 (RFC 3021)."""
    address, prefix = parse_cidr(text)
    rest = ~netmask(prefix) & 0xFFFFFFFF
    if not is_unicast(address) or (prefix < 31 and address & rest in (0, rest)):
        raise ValueError("no host can have the address %s" % text)
    return address, prefix


def gateway_address(text, address, prefix):
    """Parse the address of the default router of a host at address/prefix. ValueError if no router can
    have it."""
    gateway = parse_ipv4(text)
    rest = ~netmask(prefix) & 0xFFFFFFFF
    if gateway == address:
        raise ValueError("%s is the host's own address" % text)
    broadcast = prefix < 31 and (gateway ^ address) & ~rest == 0 and gateway & rest in (0, rest)
    if broadcast or not is_unicast(gateway):
        raise ValueError("no router can have the address %s" % text)
    return gateway


def netmask(prefix):
    """Return the netmask of a prefix length: 24 gives 0xffffff00."""
    return (0xFFFFFFFF << (32 - prefix)) & 0xFFFFFFFF


def format_mac(mac):
    """Convert b'\\x52T\\0\\0\\0\\1' to '52:54:00:00:00:01'."""
    return ":".join("%02x" % byte for byte in mac)


def _digits(text):
    return text != "" and all("0" <= c <= "9" for c in text)
