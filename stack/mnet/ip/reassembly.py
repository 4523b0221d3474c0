# reassembly.py - fragments back into datagrams, for both families: RFC 791 3.2, RFC 815, RFC 1122 3.3.2, RFC
# 8200 4.5.
#
# A family passes the byte range of a fragment, and a key that all fragments of one datagram share (RFC 791:
# source, destination, protocol, identification; RFC 8200: without the protocol). The table is bounded in
# datagrams, in fragments of each, and in bytes of all; at the bound the oldest datagram is dropped.
# Overlapping fragments drop the datagram (RFC 5722 section 4, here for both families: legitimate senders do
# not overlap), and so do other contradictions.
from ..errors import ParseError
from ..limits import (
    REASSEMBLY_BYTES,
    REASSEMBLY_COST,
    REASSEMBLY_DATAGRAMS,
    REASSEMBLY_FRAGMENTS,
    REASSEMBLY_TIME,
)
from ..timers import NEVER


class Datagram:
    """An incomplete datagram. `head`: the first fragment's headers, None until it is received."""

    def __init__(self, table, key):
        self.table = table
        self.key = key
        self.head = None
        self.pieces = []  # (start, end, bytes), in order; None once the datagram is dropped
        self.total = -1  # bytes of payload, known with the last fragment
        self.got = 0
        self.cost = 0
        self.due = NEVER
        self.slot = 0

    def expire(self, now):
        """Handle the reassembly timeout."""
        self.table.timed_out(self, now)


class Reassembly:
    """The incomplete datagrams of one family. `expired(head, data, now)` is called for a datagram that
    times out, if its first fragment (those headers, that payload) was received; `count(name)` for each
    that fails."""

    def __init__(self, deadlines, stats, expired, count):
        self.deadlines = deadlines
        self.stats = stats
        self.expired = expired
        self.count = count
        self.table = {}
        self.bytes = 0

    def add(self, key, frame, off, end, at, more, now):
        """Add the fragment frame[off:end], whose payload begins at byte `at` of the datagram; `more`:
        others follow; frame[:off] is kept as the headers of the first. Returns None, or the complete
        datagram as (frame, off): headers and payload."""
        n = end - off
        if n <= 0 or (more and n & 7):  # RFC 791 3.2: in units of 8 octets, and not empty
            raise ParseError("fragment_length")
        if at + n > 0xFFFF:  # the ping of death
            raise ParseError("fragment_too_far")
        datagram = self.table.get(key)
        if datagram is None:
            datagram = self._new(key, now)
        if datagram.pieces is None:
            raise ParseError("fragment_of_dropped")
        if not _fits(datagram, at, at + n, more):
            self._give_up(datagram, "fragment_overlap")
        place = self._place(datagram, frame, off, at, at + n)
        head = None if at else bytes(memoryview(frame)[:off])
        self._insert(datagram, place, (at, at + n, bytes(memoryview(frame)[off:end])), head)
        if not more:
            datagram.total = at + n
        if datagram.got != datagram.total:
            return None
        self._forget(datagram)
        head = datagram.head
        return bytearray(b"".join([head] + [piece[2] for piece in datagram.pieces])), len(head)

    def timed_out(self, datagram, now):
        """Drop a datagram after the timeout; the sender gets an error if the first fragment was received
        (RFC 1122 3.3.2, RFC 8200 4.5)."""
        self._forget(datagram)
        if datagram.pieces is None:  # its drop has been counted
            return
        self.stats.drop("fragment_timeout")
        self.count("IpReasmFails")
        if datagram.head is not None:
            self.expired(datagram.head, datagram.pieces[0][2], now)

    def clear(self):
        """Drop everything when the interface stops."""
        for datagram in list(self.table.values()):
            self._forget(datagram)

    def _place(self, datagram, frame, off, start, end):
        """Return the index of the range in `pieces`. ParseError if it is a duplicate or overlaps."""
        pieces = datagram.pieces
        place = len(pieces)
        while place and pieces[place - 1][0] >= start:  # they usually arrive in order
            place -= 1
        after = pieces[place] if place < len(pieces) else None
        if after is not None and (after[0], after[1]) == (start, end):
            if after[2] == bytes(memoryview(frame)[off : off + end - start]):
                raise ParseError("fragment_duplicate")  # RFC 8200 4.5 and RFC 1122 3.3.2: that is no overlap
        if (after is not None and after[0] < end) or (place and pieces[place - 1][1] > start):
            self._give_up(datagram, "fragment_overlap")
        return place

    def _insert(self, datagram, place, piece, head):
        if len(datagram.pieces) >= REASSEMBLY_FRAGMENTS:
            self._give_up(datagram, "fragment_too_many")
        datagram.pieces.insert(place, piece)
        if head is not None:
            datagram.head = head
        cost = piece[1] - piece[0] + len(head or b"") + REASSEMBLY_COST
        datagram.got += piece[1] - piece[0]
        datagram.cost += cost
        self.bytes += cost
        while self.bytes > REASSEMBLY_BYTES:
            self._evict([each for each in self.table.values() if each.cost and each is not datagram])

    def _new(self, key, now):
        if len(self.table) >= REASSEMBLY_DATAGRAMS:
            self._evict(self.table.values())
        datagram = Datagram(self, key)
        self.deadlines.admit()
        try:
            self.table[key] = datagram
        except MemoryError:
            self.deadlines.dismiss(datagram)
            raise
        self.deadlines.arm(datagram, now + REASSEMBLY_TIME)
        return datagram

    def _evict(self, datagrams):
        """Drop the oldest datagram to make room: it is the least likely to be completed."""
        self._forget(min(datagrams, key=_due))
        self.stats.drop("fragment_table_full")
        self.count("IpReasmFails")

    def _give_up(self, datagram, reason):
        """Drop the datagram with its remaining fragments (RFC 5722 section 4). The entry stays to match
        those."""
        self.bytes -= datagram.cost
        datagram.cost = 0
        datagram.pieces = datagram.head = None
        self.count("IpReasmFails")
        raise ParseError(reason)

    def _forget(self, datagram):
        del self.table[datagram.key]
        self.deadlines.dismiss(datagram)
        self.bytes -= datagram.cost


def _due(datagram):
    return datagram.due


def _fits(datagram, start, end, more):
    """Whether the range is consistent with the known end."""
    if datagram.total >= 0:
        return end < datagram.total if more else end == datagram.total
    return more or not datagram.pieces or datagram.pieces[-1][1] <= end
