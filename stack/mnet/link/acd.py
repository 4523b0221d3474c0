# acd.py - address conflict detection: RFC 5227. One Claim for each IPv4 address.
#
# An address is either used and announced at once, or probed first. A probed address is given up after two
# conflicts in ten seconds (2.4 (b)), and probed again. One that was not probed was configured and is defended
# without limit (2.4 (c)): two spoofed frames must not stop a service.
from micropython import const

from ..limits import SECOND
from ..timers import NEVER

# RFC 5227 1.1
_PROBE_WAIT = SECOND
_PROBE_NUM = const(3)
_PROBE_MIN = SECOND
_PROBE_MAX = 2 * SECOND
_ANNOUNCE_WAIT = 2 * SECOND
_ANNOUNCE_NUM = const(2)
_ANNOUNCE_INTERVAL = 2 * SECOND
_MAX_CONFLICTS = const(10)
_RATE_LIMIT_INTERVAL = 60 * SECOND
_DEFEND_INTERVAL = 10 * SECOND


class Claim:
    """The claim to an address. `ours`: the address is in use. `on_ours` and `on_lost` are called with the
    time when that changes."""

    def __init__(self, arp, address, on_ours=None, on_lost=None):
        self.arp = arp
        self.address = address
        self.on_ours = on_ours
        self.on_lost = on_lost
        self.probed = False
        self.ours = False
        self.probes = self.announcements = self.conflicts = 0
        self.defended = -_DEFEND_INTERVAL
        self.due = NEVER
        self.slot = 0

    def probe(self, now):
        """Probe the address, and use it if there is no conflict (2.1.1)."""
        self.probed = True
        self.probes = 0
        wait = self.arp.random_below(_PROBE_WAIT)
        if self.conflicts >= _MAX_CONFLICTS:
            wait = _RATE_LIMIT_INTERVAL
        self._at(now + wait)

    def take(self, now):
        """Use the address and announce it, twice (2.3); once if `now` is None."""
        self.ours = True
        self.probes = _PROBE_NUM
        self.announcements = 0
        self._announce(now)
        if self.on_ours is not None:
            self.on_ours(now)

    def check(self, now):
        """Probe the address after link up (2.1). It stays in use meanwhile, so that connections outlive
        the outage."""
        if not self.ours:
            return self.probe(now)
        self.probes = self.announcements = 0
        self._at(now + self.arp.random_below(_PROBE_WAIT))

    def release(self):
        """Release the claim."""
        self.ours = False
        self.arp.deadlines.disarm(self)

    def expire(self, now):
        """Run the next step."""
        if self.probes < _PROBE_NUM:
            self.probes += 1
            self.arp.send_probe(self.address)
            wait = _ANNOUNCE_WAIT
            if self.probes < _PROBE_NUM:
                wait = _PROBE_MIN + self.arp.random_below(_PROBE_MAX - _PROBE_MIN)
            self._at(now + wait)
        elif self.ours:
            self._announce(now)
        else:
            self.take(now)

    def contested(self, mac, now):
        """Handle a conflict: another host uses the address, or probes for it at the same time."""
        if not self.ours:
            self.conflicts += 1
            self.arp.report(self.address, mac, "waiting until it is free", now)
            return self.probe(now)
        if now - self.defended >= _DEFEND_INTERVAL:
            self.defended = now
            self.arp.report(self.address, mac, "defending it", now)
            self.arp.announce(self.address)
        elif self.probed:
            self._lost(mac, now)

    def _lost(self, mac, now):
        """Give up the address (2.4 (b)), and probe it again later."""
        self.ours = False
        self.conflicts += 1
        self.arp.report(self.address, mac, "giving it up", now)
        if self.on_lost is not None:
            self.on_lost(now)
        self.probe(now)

    def _announce(self, now):
        self.announcements += 1
        self.arp.announce(self.address)
        if self.announcements < _ANNOUNCE_NUM and now is not None:
            self._at(now + _ANNOUNCE_INTERVAL)

    def _at(self, when):
        self.arp.deadlines.disarm(self)
        self.arp.deadlines.arm(self, when)
