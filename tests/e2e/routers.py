"""A router played by the test: its messages on the link, and the guest's."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scapy.layers.inet6 import (
    ICMPv6ND_RA,
    ICMPv6NDOptMTU,
    ICMPv6NDOptPrefixInfo,
    ICMPv6NDOptRDNSS,
    ICMPv6NDOptSrcLLAddr,
    IPv6,
)
from scapy.layers.l2 import Ether
from scapy.packet import Packet

MAC, ADDRESS = "02:00:00:00:00:99", "fe80::99"
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"


class Link:
    """IPv6 frames on a tap, as its host receives them."""

    def __init__(self, tap: str) -> None:
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
        self.sock.bind((tap, 0x86DD))
        self.mac = ":".join(f"{byte:02x}" for byte in self.sock.getsockname()[4])

    def send(self, frame: Packet) -> None:
        """Send a frame, after discarding received frames, so that there is room for the answer."""
        self.sock.setblocking(False)
        try:
            while True:
                self.sock.recv(65536)
        except BlockingIOError:
            self.sock.setblocking(True)
        self.sock.send(bytes(frame))

    def expect(self, wanted: Callable[[Packet], object], timeout: float = 20.0) -> Packet:
        """Return the next frame for which `wanted` is true."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                frame = Ether(self.sock.recv(65536))
            except TimeoutError:
                break
            if wanted(frame):
                return frame
        raise AssertionError("no such frame came")

    def advertise(
        self, prefix: str = "fd01::", lifetime: int = 1800, valid: int = 7200, **what: object
    ) -> None:
        """Return a router advertisement with one prefix; mtu=, rdnss=."""
        frame = Ether(src=MAC, dst=ALL_NODES_MAC) / IPv6(src=ADDRESS, dst=ALL_NODES, hlim=255)
        frame /= ICMPv6ND_RA(routerlifetime=lifetime) / ICMPv6NDOptSrcLLAddr(lladdr=MAC)
        frame /= ICMPv6NDOptPrefixInfo(prefix=prefix, validlifetime=valid, preferredlifetime=valid)
        if "mtu" in what:
            frame /= ICMPv6NDOptMTU(mtu=what["mtu"])
        if "rdnss" in what:
            frame /= ICMPv6NDOptRDNSS(dns=[what["rdnss"]], lifetime=600)
        self.send(frame)


@contextmanager
def link(tap: str) -> Iterator[Link]:
    """Open a Link while the block runs."""
    made = Link(tap)
    try:
        yield made
    finally:
        made.sock.close()
