# cli.py - the network's part of an image's arguments, with mnet's names. The application gets the rest.
from .address import gateway_address, interface_address
from .ip.v6.configuration import MODES, OFF, configuration

USAGE = (
    "network options: [--ipv4=ADDRESS/PREFIX] [--ipv4-gateway=ADDRESS] [--acd] "
    "[--ipv6=eui64|stable|temporary|off|ADDRESS/PREFIX] [--ipv6-gateway=ADDRESS] [-v] "
    "[--console=wait|drop] [--watchdog=SECONDS] [--solo5:quiet]; "
    "of one device of several: --ipv4:NAME=ADDRESS/PREFIX and so on"
)
_WITH_VALUE = ("--ipv4", "--ipv4-gateway", "--ipv6", "--ipv6-gateway")


class UsageError(Exception):
    """An argument cannot be used; args[0] is the line to print before exiting with 2."""


class InterfaceOptions:
    """What the arguments configure on one interface: addresses as ints, 0 where none is given."""

    def __init__(self):
        self.address = self.prefix = self.gateway = 0
        self.ipv6 = MODES[0]
        self.ipv6_gateway = None
        self.acd = False


class Options(InterfaceOptions):
    """What the arguments configure: on the first interface, on those `named`; `rest` is the application's."""

    def __init__(self):
        super().__init__()
        self.verbose = self.quiet = False
        self.named = {}
        self.rest = []

    def of(self, name):
        """The options of the interface with this name, of the first one if it is empty."""
        if not name:
            return self
        if name not in self.named:
            self.named[name] = InterfaceOptions()
        return self.named[name]


def parse(arguments):
    """Split a list of image arguments into Options. UsageError names the argument that is wrong."""
    options = Options()
    arguments = list(arguments)
    values = {}
    while arguments:
        whole, equals, value = arguments.pop(0).partition("=")
        name, _, device = whole.partition(":")
        if name in _WITH_VALUE:
            if not equals:
                if not arguments:
                    raise UsageError("%s: a value is missing" % whole)
                value = arguments.pop(0)
            values[name, device] = value
        elif name == "--acd" and not equals:
            options.of(device).acd = True
        elif whole + equals == "-v":
            options.verbose = True
        elif whole + equals == "--solo5:quiet":
            options.quiet = True
        elif whole + equals == "--insecure-entropy":
            pass  # the runtime's, read before Python starts
        else:
            options.rest.append(whole + equals + value)
    for name in _WITH_VALUE:  # in this order: a gateway is checked against the address
        for (option, device), value in values.items():
            if option == name:
                _set(options.of(device), name, device, value)
    return options


def _set(options, name, device, value):
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
        raise UsageError("%s: %s" % (name + (":" + device if device else ""), error))


def start(options):
    """Start the interfaces that the options configure, and the first net device by default; returns the
    Running interface of the first, or None without an address."""
    import _mkernel
    import mkernel

    names = [name for name, kind in _mkernel.devices() if kind == "net"]
    if not names and (options.address or options.ipv6 not in MODES):
        raise UsageError("%s: the image has no net device" % ("--ipv4" if options.address else "--ipv6"))
    for name in options.named:
        if name not in names:
            known = ", ".join(names) or "none"
            raise UsageError("%s: no such net device; the image has: %s" % (name, known))
    first = None
    started = []
    for name in names:
        chosen = options if name == names[0] and name not in options.named else options.named.get(name)
        running = chosen and _start(name, chosen, options.verbose)
        if running:
            started.append((running, chosen))
            first = first or running
    for running, chosen in started:  # RFC 5227 2.1: not before the address is known to be free
        while chosen.address and not running.interface.ipv4.addresses:
            mkernel.sleep(0.1)
    return first


def _start(name, options, verbose):
    """Start one interface, unless its options give it no address."""
    import _mkernel

    from .runner import current

    if not options.address and options.ipv6 == OFF:
        return None
    six = configuration(options.ipv6, options.ipv6_gateway)
    device = _mkernel.Net(name)
    running = current().start(
        device, name, options.address, options.prefix, options.gateway, options.acd, six
    )
    running.verbose = verbose
    return running
