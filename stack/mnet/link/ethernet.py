# ethernet.py - frames out: the stack's one write buffer and the device behind it.
from ..limits import FRAME_SIZE
from ..wire import ethernet as wire


class Ethernet:
    """The link to one device. `buf` is the one frame being written: upper layers put their payload in place,
    then have it sent."""

    def __init__(self, device, stats):
        self.device = device
        self.stats = stats
        self.mac = bytes(device.mac)
        self.mtu = device.mtu
        self.buf = bytearray(FRAME_SIZE)

    def output(self, frame, n, dst, ethertype):
        """Send frame[:n] to the MAC `dst`; its first 14 bytes are ours to fill."""
        wire.write(frame, dst, self.mac, ethertype)
        return self.transmit(frame, n)

    def transmit(self, frame, n):
        """Send a complete frame. False if the device had no room: it is lost, and whoever needs it sends it
        again."""
        if self.device.write(frame, n):
            return True
        self.stats.drop("device_full")
        return False
