# configuration.py - the IPv6 configuration of image arguments and mnet.stack().
from ...address6 import gateway_address6, interface_address6
from .slaac import EUI64, STABLE, STATIC, TEMPORARY

OFF = "off"
MODES = (EUI64, STABLE, TEMPORARY, OFF)


def configuration(text, gateway=None):
    """Parse --ipv6= and --ipv6-gateway= for Interface.start6(): (mode, address, length, gateway).
    ValueError for an address that no host, or no router, can have."""
    mode, address, length = text, None, 64
    if text not in MODES:
        mode = STATIC
        address, length = interface_address6(text)
    return mode, address, length, gateway_address6(gateway, address) if gateway else None
