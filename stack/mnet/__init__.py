# mnet - a TCP/IP stack in Python. An application needs `socket` only; who wants to choose the device and the
# address:
#
#     with mnet.stack("service", "10.0.0.2/24", gateway="10.0.0.1") as net:
#         print(net.addresses)
from . import stack as _page  # noqa: F401 - now: a first import later would put the module over the function
from .address import gateway_address, interface_address


def stack(name, cidr=None, gateway=None, ipv6="eui64", ipv6_gateway=None):
    """Start a stack on the device `name` of the manifest, in place of one that runs there; a context manager
    that stops it again.

    `cidr` is an IPv4 address with its prefix length, `gateway` the default router's address; `ipv6` is eui64,
    stable, temporary, off or an address with its prefix length. All are text.
    ValueError if one cannot be read or be a host's, OSError(ENODEV) if there is no such device.
    """
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
        if each.device is device:  # what the image's arguments, or the lack of any, have started
            each.kill()
    return Interface(device, name, address, prefix, router, ipv6=six)
