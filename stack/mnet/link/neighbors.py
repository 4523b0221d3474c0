# neighbors.py - a neighbor cache: next hop -> MAC, for ARP and for neighbor discovery.
#
# The states are those of RFC 4861 7.3.2. INCOMPLETE: being resolved, packets are queued. REACHABLE: confirmed
# recently. STALE: not confirmed recently, or learnt from its own announcement only. DELAY: used while stale,
# not probed yet. PROBE: being probed by unicast. An entry exists only because we resolve it or because it
# belongs to a peer that we reply to: unsolicited announcements create none. When the cache is full the entry
# unused for longest is evicted.
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
from ..wire import ethernet

INCOMPLETE = const(0)
REACHABLE = const(1)
STALE = const(2)
DELAY = const(3)
PROBE = const(4)


class Neighbor:
    """A next hop. `mac` is None until it has answered; a new MAC is a new bytes object, so holders compare by
    identity. `header`: the Ethernet header of packets to it, while it has a MAC."""

    def __init__(self, cache, address, now):
        self.cache = cache
        self.address = address
        self.mac = None
        self.header = bytes(ethernet.HEADER)
        self.state = INCOMPLETE
        self.since = now  # time of the change to STALE
        self.tries = 0
        self.used = now  # last lookup or transmission
        self.queue = []
        self.due = NEVER
        self.slot = 0

    def expire(self, now):
        """Handle the deadline of the current state."""
        cache = self.cache
        if self.state in (REACHABLE, STALE) and now - self.used >= NEIGHBOR_LIFE:
            return cache.remove(self)
        if self.state == REACHABLE:
            return cache.stale(self, now)
        if self.state == STALE and self.used <= self.since:  # frames may be sent there without lookup()
            return cache.deadlines.arm(self, now + NEIGHBOR_DELAY)
        if self.state in (STALE, DELAY):
            self.state = PROBE
            self.tries = 0
        if self.tries >= NEIGHBOR_TRIES:
            return cache.failed(self, now)
        return cache.solicit(self, now)


class Neighbors:
    """The cache of one link, for packets of one EtherType. `resolver` (Arp or Ndp) has solicit(neighbor),
    which sends one request, unreachable(neighbor), called when a neighbor did not answer, and
    undelivered(frame, now), called with each queued packet."""

    def __init__(self, link, ethertype, deadlines, stats, resolver):
        self.link = link
        self.ethertype = ethertype
        self.deadlines = deadlines
        self.stats = stats
        self.resolver = resolver
        self.reachable_time = NEIGHBOR_LIFE
        self.retry = NEIGHBOR_RETRY  # interval of requests: RFC 4861's RetransTimer
        self.table = {}
        self.waiting = 0  # bytes in all queues

    def lookup(self, address, now):
        """Return the neighbor with this address, and resolve it if it is new."""
        neighbor = self.table.get(address)
        if neighbor is None:
            neighbor = self._new(address, now)
            self.solicit(neighbor, now)
        elif neighbor.state == STALE:
            neighbor.state = DELAY
            self._rearm(neighbor, now + NEIGHBOR_DELAY)
        neighbor.used = now
        return neighbor

    def takes(self, address, frames, size):
        """Whether `frames` frames of `size` bytes in total can be sent to `address`: if it must be
        resolved first, whether they can be queued."""
        neighbor = self.table.get(address)
        waiting = 0
        if neighbor is not None:
            if neighbor.mac is not None:
                return True
            waiting = len(neighbor.queue)
        return waiting + frames <= NEIGHBOR_QUEUE and self.waiting + size <= NEIGHBOR_BYTES

    def send(self, neighbor, frame, n, keep=False):
        """Send frame[:n] to a neighbor, or queue a copy until it is resolved (RFC 1122 2.3.2.2). `keep`:
        as in Ethernet.output()."""
        if neighbor.mac is not None:
            return self.link.output(frame, n, neighbor.mac, self.ethertype, keep)
        neighbor.queue.append((bytearray(memoryview(frame)[:n]), keep))
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
        """Learn that `address` is at `mac`. A new entry is made only if `wanted`."""
        neighbor = self.table.get(address)
        if neighbor is None:
            if not wanted:
                return
            neighbor = self._new(address, now)
        self._set_mac(neighbor, mac)
        self._reachable(neighbor, now)
        self._release(neighbor)

    def learn_stale(self, address, mac, now):
        """Learn a MAC from a message of the neighbor (RFC 4861 7.2.3): sufficient to reply to it."""
        neighbor = self.table.get(address) or self._new(address, now)
        if neighbor.mac != mac:
            self._set_mac(neighbor, mac)
            self.stale(neighbor, now)
            self._release(neighbor)

    def advertised(self, neighbor, mac, solicited, override, now):
        """Process an advertisement of a neighbor; `mac` is None without an option (RFC 4861 7.2.5,
        appendix C). Returns whether it is accepted."""
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
        """Make an entry STALE: it is usable, and verified when it is used."""
        neighbor.state = STALE
        neighbor.since = now
        self._rearm(neighbor, now + NEIGHBOR_DELAY)

    def all_stale(self, now):
        """Make all entries STALE."""
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
            neighbor.header = ethernet.header(mac, self.link.mac, self.ethertype)
            neighbor.mac = mac

    def solicit(self, neighbor, now):
        """Send a request, and repeat it until it is answered or fails."""
        neighbor.tries += 1
        self._rearm(neighbor, now + self.retry)
        self.resolver.solicit(neighbor)

    def probe_once(self, address, now):
        """Probe the reachability of a router by one solicitation (RFC 4191 3.2)."""
        neighbor = self.table.get(address) or self._new(address, now)
        neighbor.state = PROBE if neighbor.mac else INCOMPLETE
        neighbor.tries = NEIGHBOR_TRIES - 1
        self.solicit(neighbor, now)

    def failed(self, neighbor, now):
        """Handle a failed resolution: the queued packets are lost."""
        queue = self._take(neighbor)
        self.remove(neighbor)
        self.resolver.unreachable(neighbor)
        for packet, _ in queue:
            self.stats.drop("neighbor_unreachable")
            self.resolver.undelivered(packet, now)

    def remove(self, neighbor):
        """Remove an entry. A holder finds mac None and looks the address up again. Needs no memory."""
        self._discount(neighbor.queue)
        neighbor.queue.clear()
        neighbor.mac = None
        if self.table.get(neighbor.address) is neighbor:
            del self.table[neighbor.address]
            self.deadlines.dismiss(neighbor)
        else:
            self.deadlines.disarm(neighbor)

    def clear(self):
        """Remove every entry when the link is released. Needs no memory."""
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
        for frame, _ in self._take(neighbor):
            self.link.output(frame, len(frame), neighbor.mac, self.ethertype, True)

    def _take(self, neighbor):
        """Remove and return the queued packets of a neighbor."""
        queue = neighbor.queue
        if queue:
            neighbor.queue = []
            self._discount(queue)
            self.link.room()
        return queue

    def _discount(self, queue):
        for frame, _ in queue:
            self.waiting -= len(frame)


def _oldest_to_lose(queue):
    """Return the index of the oldest packet without `keep`, -1 if there is none."""
    for i in range(len(queue)):
        if not queue[i][1]:
            return i
    return -1
