# paths.py - path MTU discovery, for both families: RFC 1191, RFC 8201.
#
# Only a path MTU below the link's is kept, and for a limited time: it may have increased since.
from ..limits import PATH_DATAGRAMS, PATH_FLIGHT, PATH_LIFE, PATHS


class PathMtus:
    """Destination (any hashable) -> path MTU."""

    def __init__(self):
        self.table = {}  # destination -> (mtu, time)

    def get(self, dst, link_mtu, now):
        """Return the path MTU to `dst`, headers included."""
        known = self.table.get(dst)
        if known is None:
            return link_mtu
        if now - known[1] >= PATH_LIFE:
            del self.table[dst]
            return link_mtu
        return min(known[0], link_mtu)

    def lower(self, dst, mtu, now):
        """Lower the path MTU to `mtu`, as reported by a router. The caller has validated the report."""
        table = self.table
        known = (mtu, now)  # first: this may fail for lack of memory
        if dst not in table and len(table) >= PATHS:
            del table[min(table, key=lambda each: table[each][1])]
        table[dst] = known


class Flight:
    """Recently sent large datagrams: only an error that quotes one of them lowers the path MTU of its
    destination (RFC 8201 section 6, RFC 8899 4.6.1). A datagram is identified by its destination and the
    first 8 bytes behind its IP header, which each error quotes (RFC 792): ports, length and checksum, or
    those of an echo request."""

    def __init__(self):
        self.sent = {}  # key -> (size, time)
        self.keys = [None] * PATH_DATAGRAMS
        self.at = 0

    def add(self, ip, dst, off, length, now):
        """Record a datagram longer than MIN_MTU: the `length` bytes at `off` in the link's buffer."""
        key = _key(ip, dst, ip.link.buf, off)
        known = key in self.sent
        self.sent[key] = (ip.header + length, now)  # first: this may fail for lack of memory
        if not known:
            self.sent.pop(self.keys[self.at], None)
            self.keys[self.at] = key
            self.at = (self.at + 1) % PATH_DATAGRAMS

    def too_big(self, error, now):
        """Whether the datagram quoted by a TransportError was sent recently and is larger than the
        reported path MTU."""
        size, when = self.sent.get(_key(error.ip, error.remote, error.frame, error.off), (0, 0))
        return size > error.mtu and now - when < PATH_FLIGHT


def _key(ip, dst, frame, off):
    return ip.pack(dst) + bytes(memoryview(frame)[off : off + 8])
