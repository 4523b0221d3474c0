"""Routers between two hosts: smaller MTUs, outages, queues that mark."""

import struct

from unit.mnet.frames import checksum, icmp
from unit.mnet.six import icmp6

ROUTER = 0x0A000063
ROUTER6 = b"\xfd" + bytes(14) + b"\x63"
MAC = b"\x02\0\0\0\0\x63"
IPV6 = b"\x86\xdd"
QUOTE6 = 1280 - 48  # RFC 4443 3.2: as much as fits


class Bottleneck:
    """Forwards packets of at most `mtu` bytes from `host`. A router sends an ICMP error (`deaf`: not always),
    a black hole does not."""

    def __init__(self, world, host, mtu, speaks=True, deaf=0.0):
        self.world, self.host, self.mtu, self.speaks, self.deaf = world, host, mtu, speaks, deaf
        self.dice = world.dice("router")
        self.refused = self.largest = 0
        host.device.lane.drop = self.drop

    def drop(self, frame):
        """Whether a packet is longer than the MTU."""
        size = len(frame) - 14
        if size <= self.mtu:
            self.largest = max(self.largest, size)
            return False
        self.refused += 1
        if self.speaks and self.dice.random() >= self.deaf:
            error = self.host.device.mac + MAC + self._error(frame)[12:]
            self.world.at(self.world.now + 1000, self.host.input, error)
        return True

    def _error(self, frame):
        if frame[12:14] == IPV6:
            rest = struct.pack("!I", self.mtu) + frame[14 : 14 + QUOTE6]
            return icmp6(2, 0, rest, src=ROUTER6, dst=self.host.address)
        rest = struct.pack("!HH", 0, self.mtu) + frame[14:42]
        return icmp(3, 4, rest, src=ROUTER, dst=self.host.address4)


def outage(world, lane, at, seconds):
    """Drop all frames for a while."""
    for when, down in ((at, True), (at + seconds, False)):
        world.at(world.now + int(when * 1000000), setattr, lane, "down", down)


def marked(frame):
    """Return the packet with a CE mark (RFC 3168 section 5); None if its sender is not ECN-capable."""
    if frame[12:14] == IPV6:
        if not frame[15] & 0x30:
            return None
        return frame[:15] + bytes((frame[15] | 0x30,)) + frame[16:]
    if frame[12:14] != b"\x08\0" or not frame[15] & 3:
        return None
    head = bytearray(frame[14:34])
    head[1] |= 3
    head[10:12] = b"\0\0"
    head[10:12] = struct.pack("!H", checksum(bytes(head)))
    return frame[:14] + bytes(head) + frame[34:]
