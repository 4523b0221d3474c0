# cli.py - the network arguments of an image, with mnet's names. The application gets the others.
from .address import gateway_address, interface_address
from .ip.host6 import MODES, OFF, configuration

USAGE = (
    "network options: [--ipv4=ADDRESS/PREFIX] [--ipv4-gateway=ADDRESS] [--acd] "
    "[--ipv6=eui64|stable|temporary|off|ADDRESS/PREFIX] [--ipv6-gateway=ADDRESS] [-v] "
    "[--console=wait|drop] [--watchdog=SECONDS] [--solo5:quiet]"
)
_WITH_VALUE = ("--ipv4", "--ipv4-gateway", "--ipv6", "--ipv6-gateway")


class UsageError(Exception):
    """An invalid argument; args[0] is the line to print before exiting with status 2."""


class Options:
    """The network arguments: addresses as integers, 0 where not given; `rest` is the application's."""

    def __init__(self):
        self.address = self.prefix = self.gateway = 0
        self.ipv6 = MODES[0]
        self.ipv6_gateway = None
        self.verbose = self.quiet = self.acd = False
        self.rest = []


def parse(arguments):
    """Parse the image arguments into Options. UsageError names an invalid argument."""
    options = Options()
    arguments = list(arguments)
    values = {}
    while arguments:
        name, equals, value = arguments.pop(0).partition("=")
        if name in _WITH_VALUE:
            if not equals:
                if not arguments:
                    raise UsageError("%s: a value is missing" % name)
                value = arguments.pop(0)
            values[name] = value
        elif name + equals == "-v":
            options.verbose = True
        elif name + equals == "--acd":
            options.acd = True
        elif name + equals == "--solo5:quiet":
            options.quiet = True
        elif name + equals == "--insecure-entropy":
            pass  # handled by the runtime before Python starts
        else:
            options.rest.append(name + equals + value)
    for name in _WITH_VALUE:  # in this order: the gateway is validated against the address
        if name in values:
            _set(options, name, values[name])
    return options


def _set(options, name, value):
    try:
        if name == "--ipv4":
            options.address, options.prefix = interface_address(value)
        elif name == "--ipv4-gateway":
            if not options.address:
                raise ValueError("needs --ipv4 as well")
            options.gateway = gateway_address(value, options.address, options.prefix)
        elif name == "--ipv6":
            configuration(value)
            options.ipv6 = value
        else:
            configuration(options.ipv6, value)
            options.ipv6_gateway = value
    except ValueError as error:
        raise UsageError("%s: %s" % (name, error))


def start(options):
    """Start the stack of the first net device with these options. Returns the Interface, or None without
    an address."""
    import _mkernel
    import mkernel

    from .interface import Interface

    names = [name for name, kind in _mkernel.devices() if kind == "net"]
    if not names and (options.address or options.ipv6 not in MODES):
        raise UsageError("%s: the image has no net device" % ("--ipv4" if options.address else "--ipv6"))
    if not names or (not options.address and options.ipv6 == OFF):
        return None
    net = Interface(
        _mkernel.Net(names[0]),
        names[0],
        options.address,
        options.prefix,
        options.gateway,
        probe=options.acd,
        verbose=options.verbose,
        ipv6=configuration(options.ipv6, options.ipv6_gateway),
    )
    while options.address and not net.stack.ipv4.addresses:  # RFC 5227 2.1: not before the address was probed
        mkernel.sleep(0.1)
    return net
