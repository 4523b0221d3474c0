# paths.py - how large a packet may be on the way to a destination, for both families: RFC 1191, RFC 8201.
#
# Only what is less than the link's MTU is kept, and not for ever: the path may have become wider.
from ..limits import PATH_LIFE, PATHS


class PathMtus:
    """Destination (any hashable) -> path MTU."""

    def __init__(self):
        self.table = {}  # destination -> (mtu, when it was learnt)

    def get(self, dst, link_mtu, now):
        """The largest packet for `dst`, headers included."""
        known = self.table.get(dst)
        if known is None:
            return link_mtu
        if now - known[1] >= PATH_LIFE:
            del self.table[dst]
            return link_mtu
        return min(known[0], link_mtu)

    def lower(self, dst, mtu, now):
        """A router has said that no more than `mtu` goes through. The caller has checked who says so."""
        table = self.table
        table.pop(dst, None)
        if len(table) >= PATHS:
            del table[min(table, key=lambda each: table[each][1])]
        table[dst] = (mtu, now)
