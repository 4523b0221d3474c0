# loopback.py - a link to the host itself: a bounded queue in memory, and neighbors that need no resolution.
from micropython import const

from ..limits import LOOPBACK_BYTES, LOOPBACK_MTU
from .neighbors import REACHABLE, Neighbor, Neighbors

_TX_CSUM = const(1)  # of features
_COST = const(64)  # bytes that a frame in the queue takes besides its own


class Loopback:
    """The device: frames written come back in their order. No checksum is needed."""

    mac = bytes(6)
    mtu = LOOPBACK_MTU
    features = _TX_CSUM

    def __init__(self, host):
        self.host = host
        self.frames = []
        self.queued = 0  # bytes, with _COST for each frame

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        """Queue a copy of frame[:n]. False if there is no room."""
        if self.queued + n + _COST > LOOPBACK_BYTES:
            return False
        self.frames.append(bytes(memoryview(frame)[:n]))
        self.queued += n + _COST
        self.host.deferred = True
        return True

    def read(self):
        """Take the oldest frame, or None."""
        if not self.frames:
            return None
        frame = self.frames.pop(0)
        self.queued -= len(frame) + _COST
        return frame


class LoopbackNeighbors(Neighbors):
    """All addresses are at the one neighbor."""

    def __init__(self, link, ethertype, deadlines, stats, resolver):
        super().__init__(link, ethertype, deadlines, stats, resolver)
        self.itself = Neighbor(self, None, 0)
        self._set_mac(self.itself, link.mac)
        self.itself.state = REACHABLE

    def lookup(self, address, now):
        """The neighbor with this address."""
        return self.itself

    def takes(self, address, frames, size):
        """No frame waits for a neighbor."""
        return True
