# addresses.py - our IPv6 addresses and source address selection: RFC 4862 section 5.5.4, RFC 6724 section 5.
from micropython import const

from ...address6 import common_bits, is_link_local, is_multicast, same_prefix, scope
from ...timers import NEVER

OPTIMISTIC = const(0)  # in use while DAD runs (RFC 4429)
PREFERRED = const(1)
DEPRECATED = const(2)  # not for new connections

_LABELS = (  # RFC 6724 2.1
    (bytes(15) + b"\1", 128, 0),
    (bytes(10) + b"\xff\xff" + bytes(4), 96, 4),
    (bytes(16), 96, 3),
    (b"\x20\x01" + bytes(14), 32, 5),
    (b"\x20\x02" + bytes(14), 16, 2),
    (b"\x3f\xfe" + bytes(14), 16, 12),
    (b"\xfe\xc0" + bytes(14), 10, 11),
    (b"\xfc" + bytes(15), 7, 13),
)


class Address:
    """One of our addresses. `valid_until`, `preferred_until`: times, NEVER for no limit; `temporary`: RFC
    8981; `made`: how many were tried before it (the DAD_Counter of RFC 7217), -1 if it was configured."""

    def __init__(self, owner, value, length, valid_until=NEVER, preferred_until=NEVER):
        self.owner = owner  # Slaac: notified when a deadline has passed
        self.value = value
        self.length = length
        self.state = OPTIMISTIC
        self.valid_until = valid_until
        self.preferred_until = preferred_until
        self.temporary = False
        self.last_valid = self.last_preferred = NEVER  # limits of a temporary address
        self.made = -1
        self.router = None  # the one that advertises its prefix
        self.replaced = False  # a temporary address with a successor
        self.nonce = b""  # of our solicitation, RFC 7527
        self.checked_at = NEVER  # end of DAD
        self.due = NEVER
        self.slot = 0

    def tentative(self):
        """Whether DAD is in progress."""
        return self.checked_at != NEVER

    def expire(self, now):
        """Handle a deadline."""
        self.owner.expire(self, now)


class Addresses:
    """All our addresses on a link."""

    def __init__(self):
        self.list = []

    def get(self, value):
        """Return the Address with this value, or None."""
        for address in self.list:
            if address.value == value:
                return address
        return None

    def solicitation_source(self, link_local):
        """Return the source address for solicitations, a link-local one if wanted and available: never an
        optimistic one (RFC 4429 3.2). None if there is none."""
        certain = [each.value for each in self.list if not each.tentative()]
        for value in certain:
            if is_link_local(value) == link_local:
                return value
        return certain[0] if certain else None

    def link_local(self):
        """Return our link-local address, or None."""
        for address in self.list:
            if is_link_local(address.value):
                return address.value
        return None

    def source(self, dst, hop=None):
        """Return the source address for `dst` by the next hop that RFC 6724 section 5 prefers, or None if
        there is none."""
        best = None
        best_rank = ()
        for address in self.list:
            rank = _rank(address, dst, hop)
            if best is None or rank > best_rank:
                best, best_rank = address, rank
        return best and best.value


def _rank(address, dst, hop):
    """Return the rules as a tuple: the greatest is preferred. Rules 4 and 5 do not apply: there is no
    mobility, and the route has chosen the interface."""
    value = address.value
    ours, theirs = scope(value), scope(dst)
    return (
        value == dst,
        16 - ours if ours >= theirs else ours - 16,  # rule 2: large enough, and no larger
        address.state == PREFERRED,  # rule 3; RFC 4429 3.3: an optimistic one as if it were deprecated
        address.state == OPTIMISTIC,
        hop is not None and address.router == hop,  # rule 5.5, RFC 8028: its router advertised the prefix
        label(value) == label(dst),  # rule 6
        address.temporary,  # rule 7
        0 if is_multicast(dst) else min(common_bits(value, dst), address.length),  # rule 8
    )


def label(address):
    """Return the label of RFC 6724 2.1: 1 by default."""
    for prefix, length, number in _LABELS:
        if same_prefix(address, prefix, length):
            return number
    return 1
