# neighbors.py - a neighbour cache: next hop -> MAC, for ARP and for neighbour discovery.
#
# The states are those of RFC 4861 7.3.2. INCOMPLETE: asking, packets wait. REACHABLE: has answered not long
# ago. STALE: not lately, or somebody only said so. DELAY: is used, and gets a moment. PROBE: is asked again,
# at the MAC it had, before it is given up. An entry exists only because we asked or because a peer that
# asked for us will be answered: strangers' announcements fill no table. When the cache is full the entry
# unused for longest goes.
from micropython import const

from ..limits import (
    NEIGHBOR_BYTES,
    NEIGHBOR_DELAY,
    NEIGHBOR_LIFE,
    NEIGHBOR_QUEUE,
    NEIGHBOR_RETRY,
    NEIGHBOR_TRIES,
    NEIGHBORS,
)
from ..timers import NEVER

INCOMPLETE = const(0)
REACHABLE = const(1)
STALE = const(2)
DELAY = const(3)
PROBE = const(4)


class Neighbor:
    """A next hop. `mac` is None until it has answered; a new MAC is a new bytes object, so holders compare by
    identity."""

    def __init__(self, cache, address, now):
        self.cache = cache
        self.address = address
        self.mac = None
        self.state = INCOMPLETE
        self.since = now  # in this state, if that is STALE
        self.tries = 0
        self.used = now  # when it was last looked up or sent to
        self.queue = []
        self.due = NEVER
        self.slot = 0

    def expire(self, now):
        """The deadline of the present state has passed."""
        cache = self.cache
        if self.state in (REACHABLE, STALE) and now - self.used >= NEIGHBOR_LIFE:
            return cache.remove(self)
        if self.state == REACHABLE:
            return cache.stale(self, now)
        if self.state == STALE and self.used <= self.since:  # frames may go there without lookup()
            return cache.deadlines.arm(self, now + NEIGHBOR_DELAY)
        if self.state in (STALE, DELAY):
            self.state = PROBE
            self.tries = 0
        if self.tries >= NEIGHBOR_TRIES:
            return cache.failed(self, now)
        return cache.ask(self, now)


class Neighbors:
    """The cache of one link. `resolver` (Arp or Ndp) has solicit(neighbor), which sends one request,
    unreachable(neighbor), called when a neighbour has not answered, and undelivered(frame, now), called with
    each packet that waited for it."""

    def __init__(self, link, deadlines, stats, resolver):
        self.link = link
        self.deadlines = deadlines
        self.stats = stats
        self.resolver = resolver
        self.reachable_time = NEIGHBOR_LIFE
        self.retry = NEIGHBOR_RETRY  # from one question to the next: RFC 4861's RetransTimer
        self.table = {}
        self.waiting = 0  # bytes in all queues

    def lookup(self, address, now):
        """The neighbour with this address, asked for if it is new."""
        neighbor = self.table.get(address)
        if neighbor is None:
            neighbor = self._new(address, now)
            self.ask(neighbor, now)
        elif neighbor.state == STALE:
            neighbor.state = DELAY
            self._rearm(neighbor, now + NEIGHBOR_DELAY)
        neighbor.used = now
        return neighbor

    def takes(self, address, frames, size):
        """Whether so many frames of `size` bytes together can be sent to `address`: if it must be resolved
        first, whether they can wait for that."""
        neighbor = self.table.get(address)
        waiting = 0
        if neighbor is not None:
            if neighbor.mac is not None:
                return True
            waiting = len(neighbor.queue)
        return waiting + frames <= NEIGHBOR_QUEUE and self.waiting + size <= NEIGHBOR_BYTES

    def send(self, neighbor, frame, n, ethertype, keep=False):
        """Send frame[:n] there, or keep a copy until the neighbour has answered (RFC 1122 2.3.2.2). `keep`:
        as in Ethernet.transmit()."""
        if neighbor.mac is not None:
            return self.link.output(frame, n, neighbor.mac, ethertype, keep)
        neighbor.queue.append((bytearray(memoryview(frame)[:n]), ethertype, keep))
        self.waiting += n
        self._trim(neighbor.queue, keep)
        return True

    def _trim(self, queue, keep):
        """Keep the queues bounded: the newest packets stay (RFC 1122 2.3.2.2), and those with `keep` before
        others, for which half of the bytes is enough."""
        limit = NEIGHBOR_BYTES if keep else NEIGHBOR_BYTES >> 1
        while queue and (len(queue) > NEIGHBOR_QUEUE or self.waiting > limit):
            oldest = _oldest_to_lose(queue)
            if oldest < 0:
                if not keep:
                    break
                oldest = 0
            self.waiting -= len(queue.pop(oldest)[0])
            self.stats.drop("neighbor_queue_full")

    def learn(self, address, mac, now, wanted):
        """`address` says that it is at `mac`. A new entry is made only if `wanted`."""
        neighbor = self.table.get(address)
        if neighbor is None:
            if not wanted:
                return
            neighbor = self._new(address, now)
        self._set_mac(neighbor, mac)
        self._reachable(neighbor, now)
        self._release(neighbor)

    def heard(self, address, mac, now):
        """`address` has said in passing that it is at `mac` (RFC 4861 7.2.3): good enough to answer it."""
        neighbor = self.table.get(address) or self._new(address, now)
        if neighbor.mac != mac:
            self._set_mac(neighbor, mac)
            self.stale(neighbor, now)
            self._release(neighbor)

    def advertised(self, neighbor, mac, solicited, override, now):
        """An advertisement of a neighbour; `mac` is None if it does not say (RFC 4861 7.2.5, appendix C).
        Returns whether it is to be believed."""
        same = mac is None or mac == neighbor.mac
        if neighbor.state == INCOMPLETE:
            if mac is None:
                return False
        elif not same and not override:
            if neighbor.state == REACHABLE:
                self.stale(neighbor, now)
            return False
        if not same:
            self._set_mac(neighbor, mac)
        if solicited:
            self._reachable(neighbor, now)
        elif not same:
            self.stale(neighbor, now)
        self._release(neighbor)
        return True

    def stale(self, neighbor, now):
        """It is used as it is; when it is, it will be asked."""
        neighbor.state = STALE
        neighbor.since = now
        self._rearm(neighbor, now + NEIGHBOR_DELAY)

    def all_stale(self, now):
        """Nothing is known for sure any more."""
        for neighbor in self.table.values():
            if neighbor.mac is not None:
                self.stale(neighbor, now)

    def _reachable(self, neighbor, now):
        neighbor.state = REACHABLE
        neighbor.tries = 0
        self._rearm(neighbor, now + self.reachable_time)

    def _rearm(self, neighbor, at):
        self.deadlines.disarm(neighbor)
        self.deadlines.arm(neighbor, at)

    def _set_mac(self, neighbor, mac):
        if neighbor.mac != mac:  # holders compare by identity
            neighbor.mac = mac

    def ask(self, neighbor, now):
        """Put the question on the wire, and again and again until it is answered or given up."""
        neighbor.tries += 1
        self._rearm(neighbor, now + self.retry)
        self.resolver.solicit(neighbor)

    def ask_once(self, address, now):
        """Whether it is there again, by one question (RFC 4191 3.2)."""
        neighbor = self.table.get(address) or self._new(address, now)
        neighbor.state = PROBE if neighbor.mac else INCOMPLETE
        neighbor.tries = NEIGHBOR_TRIES - 1
        self.ask(neighbor, now)

    def failed(self, neighbor, now):
        """It has not answered: what waited for it is lost."""
        queue = self._take(neighbor)
        self.remove(neighbor)
        self.resolver.unreachable(neighbor)
        for packet, _, _ in queue:
            self.stats.drop("neighbor_unreachable")
            self.resolver.undelivered(packet, now)

    def remove(self, neighbor):
        """Forget an entry. Whoever still holds it sees mac None and looks the address up again. Needs no
        memory."""
        self._discount(neighbor.queue)
        neighbor.queue.clear()
        neighbor.mac = None
        if self.table.get(neighbor.address) is neighbor:
            del self.table[neighbor.address]
            self.deadlines.dismiss(neighbor)
        else:
            self.deadlines.disarm(neighbor)

    def clear(self):
        """The link is given up: forget every entry. Needs no memory."""
        for address in list(self.table):
            self.remove(self.table[address])

    def _new(self, address, now):
        if len(self.table) >= NEIGHBORS:
            self.remove(min(self.table.values(), key=lambda neighbor: neighbor.used))
            self.stats.drop("neighbor_table_full")
        neighbor = Neighbor(self, address, now)
        self.deadlines.admit()
        try:
            self.table[address] = neighbor
        except MemoryError:
            self.deadlines.dismiss(neighbor)
            raise
        return neighbor

    def _release(self, neighbor):
        for frame, ethertype, _ in self._take(neighbor):
            self.link.output(frame, len(frame), neighbor.mac, ethertype, True)

    def _take(self, neighbor):
        """The packets that wait for it; they wait no longer."""
        queue = neighbor.queue
        if queue:
            neighbor.queue = []
            self._discount(queue)
            self.link.room()
        return queue

    def _discount(self, queue):
        for frame, _, _ in queue:
            self.waiting -= len(frame)


def _oldest_to_lose(queue):
    """Where the oldest packet without `keep` is, -1 if there is none."""
    for i in range(len(queue)):
        if not queue[i][2]:
            return i
    return -1
