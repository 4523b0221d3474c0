# services.py - the ports of well-known services by name (RFC 6335).

from mkernel.errors import plain

_TCP, _UDP = 1, 2
_BOTH = 3
# IANA's names: port, protocols. Of several names for a port the first is the official one.
_SERVICES = (
    ("echo", 7, _BOTH),
    ("discard", 9, _BOTH),
    ("daytime", 13, _BOTH),
    ("chargen", 19, _BOTH),
    ("ftp-data", 20, _TCP),
    ("ftp", 21, _TCP),
    ("ssh", 22, _TCP),
    ("telnet", 23, _TCP),
    ("smtp", 25, _TCP),
    ("time", 37, _BOTH),
    ("domain", 53, _BOTH),
    ("bootps", 67, _UDP),
    ("bootpc", 68, _UDP),
    ("tftp", 69, _UDP),
    ("http", 80, _TCP),
    ("kerberos", 88, _BOTH),
    ("pop3", 110, _TCP),
    ("ntp", 123, _UDP),
    ("imap2", 143, _TCP),
    ("snmp", 161, _BOTH),
    ("ldap", 389, _BOTH),
    ("https", 443, _BOTH),
    ("submission", 587, _TCP),
    ("ldaps", 636, _BOTH),
    ("domain-s", 853, _BOTH),
    ("imaps", 993, _TCP),
    ("pop3s", 995, _TCP),
    ("mysql", 3306, _TCP),
    ("postgresql", 5432, _TCP),
    ("mdns", 5353, _UDP),
    ("http-alt", 8080, _TCP),
)
_PROTOCOLS = {None: _BOTH, "tcp": _TCP, "udp": _UDP}


def ports(name):
    """Return (TCP port, UDP port) of a service, None where it has none."""
    for known, port, over in _SERVICES:
        if known == name:
            return port if over & _TCP else None, port if over & _UDP else None
    return None, None


def getservbyname(servicename, protocolname=None):
    """Return the port of a service, of that protocol if given."""
    over = _PROTOCOLS.get(protocolname, 0)
    for known, port, offered in _SERVICES:
        if known == servicename and over & offered:
            return port
    raise plain("service/proto not found")


def getservbyport(port, protocolname=None):
    """Return the name of the service at a port."""
    if not 0 <= port <= 65535:
        raise OverflowError("getservbyport: port must be 0-65535.")
    over = _PROTOCOLS.get(protocolname, 0)
    for known, number, offered in _SERVICES:
        if number == port and over & offered:
            return known
    raise plain("port/proto not found")


def getprotobyname(name):
    """Return the number of an IP protocol."""
    numbers = {"ip": 0, "icmp": 1, "tcp": 6, "udp": 17, "ipv6": 41, "ipv6-icmp": 58}
    if name not in numbers:
        raise plain("protocol not found")
    return numbers[name]
