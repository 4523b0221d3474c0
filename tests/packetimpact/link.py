"""A host played by the test: an address that this machine does not have, its ARP, and frames both ways."""

import itertools
import socket
import time
from collections import deque
from collections.abc import Callable

from scapy.layers.inet import ICMP, IP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet, Raw

MAC = "02:00:00:00:00:66"
PATIENCE = 20.0


class Link:
    """The test's end of the link to one stack, with what has come on it and was not yet asked for."""

    def __init__(self, interface: str, address: str, peer: str) -> None:
        self.address, self.peer = address, peer
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.bind((interface, 3))
        self.markers = itertools.count(1)
        self.waiting: deque[Packet] = deque()
        self.peer_mac = "ff:ff:ff:ff:ff:ff"

    def resolve(self) -> None:
        """Learn the stack's MAC, and have it learn ours."""
        question = ARP(hwsrc=MAC, psrc=self.address, pdst=self.peer)
        self.sock.send(bytes(Ether(src=MAC, dst=self.peer_mac) / question))
        self.peer_mac = self.expect(lambda frame: ARP in frame and frame[ARP].psrc == self.peer)[ARP].hwsrc

    def send(self, packet: Packet) -> None:
        """Send an IP packet, from our address where it names none."""
        if "src" not in packet.fields:
            packet.src = self.address
        if "dst" not in packet.fields:
            packet.dst = self.peer
        self.sock.send(bytes(Ether(src=MAC, dst=self.peer_mac) / packet))

    def _receive(self, deadline: float) -> Packet | None:
        """The next frame from the stack, with ARP's questions answered."""
        while (left := deadline - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                data, (_, _, kind, *_) = self.sock.recvfrom(65536)
            except TimeoutError:
                return None
            if kind == socket.PACKET_OUTGOING:
                continue
            frame = Ether(data)
            if ARP not in frame:
                return frame
            if frame[ARP].op == 1 and frame[ARP].pdst == self.address:
                answer = ARP(op=2, hwsrc=MAC, psrc=self.address, hwdst=frame.src, pdst=frame[ARP].psrc)
                self.sock.send(bytes(Ether(src=MAC, dst=frame.src) / answer))
            else:
                return frame
        return None

    def expect(self, wanted: Callable[[Packet], object], timeout: float = PATIENCE) -> Packet:
        """The next frame for which `wanted` is true; those before it are forgotten."""
        deadline = time.monotonic() + timeout
        seen: list[str] = []
        while (frame := self.waiting.popleft() if self.waiting else self._receive(deadline)) is not None:
            if wanted(frame):
                return frame
            seen.append(frame.summary())
        raise AssertionError(f"no such frame came, only {seen}")

    def settle(self, wanted: Callable[[Packet], object] = lambda _frame: True) -> list[Packet]:
        """All frames for which `wanted` is true that answer what was sent until now.

        Stacks take packets in order: what has not come before the answer to a ping does not come.
        """
        number = next(self.markers)
        self.send(IP() / ICMP(id=0x6666, seq=number) / Raw(b"marker"))

        def is_marker(frame: Packet) -> bool:
            return (
                ICMP in frame
                and frame[ICMP].type == 0
                and (frame[ICMP].id, frame[ICMP].seq)
                == (
                    0x6666,
                    number,
                )
            )

        found: list[Packet] = []
        self.expect(lambda frame: is_marker(frame) or (wanted(frame) and found.append(frame)))
        return found

    def close(self) -> None:
        self.sock.close()
