# mnet - a TCP/IP stack in Python. An application needs `socket` only; one that chooses the device and the
# address itself:
#
#     with mnet.stack("service", "10.0.0.2/24", gateway="10.0.0.1") as net:
#         print(net.addresses)
from .address import gateway_address, interface_address


def stack(name, cidr=None, gateway=None, ipv6="eui64", ipv6_gateway=None, metric=0):
    """Start the interface on the device `name` of the manifest, in place of one that runs there; a context
    manager that stops it again.

    `cidr` is an IPv4 address with its prefix length, `gateway` the default router's address; `ipv6` is eui64,
    stable, temporary, off or an address with its prefix length. All are text. Of several gateways the one
    with the lowest `metric` is used.
    ValueError if one cannot be read or be a host's, OSError(ENODEV) if there is no such device.
    """
    from mkernel import Net

    from .ip.v6.configuration import configuration
    from .runner import current

    address, prefix = interface_address(cidr) if cidr else (0, 0)
    if gateway and not cidr:
        raise ValueError("a gateway needs an address as well")
    router = gateway_address(gateway, address, prefix) if gateway else 0
    six = configuration(ipv6, ipv6_gateway)
    device = Net(name)
    runner = current()
    for each in list(runner.running):
        if each.device is device:  # what the image's arguments, or the lack of any, have started
            each.kill()
    return runner.start(device, name, address, prefix, router, ipv6=six, metric=metric)


def counters(name=None):
    """Return the counters of the interface `name`, or of the first one, and of the host's protocols as a dict
    (running.Running.counters). OSError(ENODEV) if no such interface runs."""
    from mkernel.errors import oserror

    from .errors import ENODEV
    from .runner import current

    for running in current().running:
        if name in (None, running.name):
            return running.counters()
    raise oserror(ENODEV, "no interface runs" if name is None else name)
