# ethernet.py - frames out: the transmit buffer, the transmit queue and the device behind them.
from micropython import const

from ..limits import LINK_QUEUE_BYTES
from ..wire import ethernet as wire

_TX_CSUM = const(1)  # of device.features
_COST = const(64)  # bytes that a frame in the queue takes besides its own


class Ethernet:
    """The link to one device. `buf` is the host's one transmit buffer: upper layers put their payload in
    place, then have it sent. `full_checksum`: the device computes no TCP checksum.

    `queue`: frames that must not be lost and wait for room in the device, oldest first. Whoever would send
    more of them waits until it is empty: `waiting` are objects whose on_room() is then called, once.
    """

    def __init__(self, device, buf, stats):
        self.device = device
        self.stats = stats
        self.mac = bytes(device.mac)
        self.mtu = device.mtu
        self.full_checksum = not device.features & _TX_CSUM
        self.buf = buf
        self.queue = []
        self.queued = 0  # bytes, with _COST for each frame
        self.waiting = []
        self.stalled = []  # TCP connections that wait for room in the device, in their order

    def output(self, frame, n, dst, ethertype, keep=False):
        """Send frame[:n] to the MAC `dst`; its first 14 bytes are ours to fill."""
        wire.write(frame, dst, self.mac, ethertype)
        return self.transmit(frame, n, keep)

    def transmit(self, frame, n, keep=False):
        """Send a complete frame. Without room in the device it is lost or, with `keep`, a copy waits in the
        queue. False: the frame is lost."""
        if not (keep and self.queue) and self.device.write(frame, n):
            return True
        if keep and self.queued + n + _COST <= LINK_QUEUE_BYTES:
            self.queue.append(bytes(memoryview(frame)[:n]))
            self.queued += n + _COST
            return True
        self.stats.drop("device_full")
        return False

    def resume(self):
        """The device may have room again: send from the queue. Allocates nothing."""
        queue = self.queue
        while queue and self.device.write(queue[0], len(queue[0])):
            self.queued -= len(queue.pop(0)) + _COST
        if not queue:
            self.room()

    def room(self):
        """Something that senders wait for may have changed: each looks again. Allocates nothing."""
        waiting = self.waiting
        while waiting:
            waiting.pop(0).on_room()

    def clear(self):
        """The device is given up: what waits for it is lost. Allocates nothing."""
        self.queue.clear()
        self.queued = 0
        self.room()
