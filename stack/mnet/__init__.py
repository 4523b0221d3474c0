# mnet - a TCP/IP stack in Python. An application needs `socket` only. To choose the device and the address:
#
#     with mnet.stack("service", "10.0.0.2/24", gateway="10.0.0.1") as net:
#         print(net.addresses)

# Imported now, because a later first import would replace the function `stack` by the module.
from . import stack as _page  # noqa: F401
from .address import gateway_address, interface_address


def stack(name, cidr=None, gateway=None, ipv6="eui64", ipv6_gateway=None):
    """Start a stack on the device `name` of the manifest, replacing one that runs there. Returns a context
    manager that stops it. `cidr` is an IPv4 address with its prefix length, `gateway` the default router's
    address; `ipv6` is eui64, stable, temporary, off or an address with its prefix length. All are strings.
    ValueError for an invalid argument or an address that no host can have, OSError(ENODEV) for an unknown
    device."""
    from mkernel import Net

    from .interface import Interface, running
    from .ip.host6 import configuration

    address, prefix = interface_address(cidr) if cidr else (0, 0)
    if gateway and not cidr:
        raise ValueError("a gateway needs an address as well")
    router = gateway_address(gateway, address, prefix) if gateway else 0
    six = configuration(ipv6, ipv6_gateway)
    device = Net(name)
    for each in list(running):
        if each.device is device:  # started from the image's arguments or by default
            each.kill()
    return Interface(device, name, address, prefix, router, ipv6=six)
