# binding.py - local ports in use: of bound, listening and connected sockets.
from ..address import covers
from ..errors import EADDRINUSE
from ..limits import EPHEMERAL_FIRST, EPHEMERAL_LAST


class Binding:
    """A socket bound to a port at an address (address.covers). Of its `settings`, SO_REUSEADDR: the port may
    be shared with sockets that have set it too and do not listen; SO_REUSEPORT: with all that have set it."""

    def __init__(self, owner, address, port, settings):
        self.owner = owner  # Bindings
        self.address = address
        self.port = port
        self.settings = settings
        self.listening = False


class Bindings:
    """The bindings of one stack, by port."""

    def __init__(self, tcp):
        self.tcp = tcp
        self._ports = {}  # port -> [Binding]

    def taken(self, port):
        """Whether any socket is bound to this port."""
        return port in self._ports

    def bind(self, address, port, settings):
        """Take a port, an unused one if it is 0. Returns the Binding, or a negative errno."""
        if port == 0:
            port = self.unused(None)
        binding = Binding(self, address, port, settings)
        if port == 0 or not self.may(binding):
            return -EADDRINUSE
        others = self._ports.get(port)
        if others is None:
            self._ports[port] = [binding]
        else:
            others.append(binding)
        return binding

    def may(self, binding):
        """Whether the port is free, by the rules of Linux: no other socket at an overlapping address,
        unless both have set SO_REUSEPORT, or SO_REUSEADDR and the other does not listen."""
        address, settings = binding.address, binding.settings
        for other in self._ports.get(binding.port, ()):
            if other is not binding and (covers(other.address, address) or covers(address, other.address)):
                if not _share(settings, other.settings, other.listening):
                    return False
        for tcb in self.tcp.ports.get(binding.port, {}).values():
            if not _share(settings, tcb.settings, False) and covers(address, tcb.local):
                return False
        return True

    def unbind(self, binding):
        """Release the port; needs no memory."""
        bindings = self._ports.get(binding.port, ())
        if binding in bindings:
            bindings.remove(binding)
            if not bindings:
                del self._ports[binding.port]

    def unused(self, key):
        """Choose an ephemeral port (RFC 6056 3.3.1): the next free one from a random start. `key`: of
        Tcp.ports, free for this peer only. 0: none is free."""
        tcp = self.tcp
        size = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1
        start = tcp.env.random_below(size)
        for i in range(size):
            port = EPHEMERAL_FIRST + (start + i) % size
            if port not in self._ports and (
                key not in tcp.ports.get(port, {}) if key else port not in tcp.ports
            ):
                return port
        return 0


def _share(settings, others, listening):
    """Whether sockets with these settings may be bound to one port, where the other is listening or not."""
    return settings.reuse_port and others.reuse_port or settings.reuse and others.reuse and not listening
