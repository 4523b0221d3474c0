# ethernet.py - Ethernet output: the transmit buffer, the transmit queue and the device.
from micropython import const

from ..limits import LINK_QUEUE_BYTES
from ..wire import ethernet as wire

_TX_CSUM = const(1)  # bit of device.features
_COST = const(64)  # overhead of a queued frame in bytes


class Ethernet:
    """The link of an interface. `transmit`: the interface's. `buf` is the host's one transmit buffer: upper
    layers put their payload in place, then have it sent. `full_checksum`: the device computes no TCP
    checksum.

    `queue`: frames that must not be lost and wait for room in the device, oldest first. A sender of
    more of them waits until it is empty: `waiting` are objects whose on_room() is then called, once.
    """

    def __init__(self, interface, device):
        self.interface = interface
        self.device = device
        self.transmit = interface.transmit
        self.stats = interface.host.stats
        self.mac = bytes(device.mac)
        self.mtu = device.mtu
        self.full_checksum = not device.features & _TX_CSUM
        self.buf = interface.host.buf
        self.queue = []
        self.queued = 0  # bytes, with _COST for each frame
        self.waiting = []
        self.stalled = []  # TCP connections waiting for room in the device, in order

    def output(self, frame, n, dst, ethertype, keep=False):
        """Send frame[:n] to the MAC `dst`; the first 14 bytes are filled in. Without room in the device the
        frame is lost or, with `keep`, a copy is queued. Returns False if it is lost."""
        wire.write(frame, dst, self.mac, ethertype)
        if not (keep and self.queue) and self.transmit(frame, n):
            return True
        return self.refused(frame, n, keep)

    def refused(self, frame, n, keep):
        """Queue a copy of a frame that the device has no room for or, without `keep`, drop it. Returns False
        if it is lost."""
        if keep and self.queued + n + _COST <= LINK_QUEUE_BYTES:
            self.queue.append(bytes(memoryview(frame)[:n]))
            self.interface.host.deferred = True
            self.queued += n + _COST
            return True
        self.stats.drop("device_full")
        self.interface.tx_dropped += 1
        return False

    def resume(self):
        """Send queued frames when the device may have room. Allocates nothing."""
        queue = self.queue
        while queue and self.transmit(queue[0], len(queue[0])):
            self.queued -= len(queue.pop(0)) + _COST
        if not queue:
            self.room()

    def room(self):
        """Notify all senders that wait for room; each checks again. Allocates nothing."""
        waiting = self.waiting
        while waiting:
            waiting.pop(0).on_room()

    def clear(self):
        """Drop all queued frames when the device is released. Allocates nothing."""
        self.queue.clear()
        self.queued = 0
        self.room()
