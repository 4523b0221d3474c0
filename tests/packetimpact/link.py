"""A host played by the test: addresses that this machine does not have, replies to ARP requests and
solicitations for them, and frames in both directions."""

import ipaddress
import itertools
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6NDOptDstLLAddr, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet, Raw

MAC = "02:00:00:00:00:66"
EVERYBODY = "ff:ff:ff:ff:ff:ff"
MARKER = 0x6666
TIMEOUT = 20.0


@dataclass(frozen=True)
class Ends:
    """The test's address and the stack's, in both families."""

    interface: str
    address: str
    peer: str
    address6: str
    peer6: str


class Link:
    """The test's end of the link to one stack, with the frames that were received and not read yet."""

    def __init__(self, ends: Ends) -> None:
        self.address, self.peer = ends.address, ends.peer
        self.address6, self.peer6 = ends.address6, ends.peer6
        self.ours: set[str] = set()
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.bind((ends.interface, 3))
        self.markers = itertools.count(1)
        self.waiting: deque[Packet] = deque()
        self.peer_mac = EVERYBODY

    def resolve(self, address: str) -> None:
        """Learn the stack's MAC, and let it learn the MAC of this address of ours."""
        self.ours.add(address)
        if ":" in address:
            question = ICMPv6ND_NS(tgt=self.peer6) / ICMPv6NDOptSrcLLAddr(lladdr=MAC)
            self.send(IPv6(src=address, hlim=255) / question)
            self.expect(lambda frame: ICMPv6ND_NA in frame and frame[ICMPv6ND_NA].tgt == self.peer6)
        else:
            asked = ARP(hwsrc=MAC, psrc=address, pdst=self.peer)
            self.sock.send(bytes(Ether(src=MAC, dst=EVERYBODY) / asked))
            answer = self.expect(lambda frame: ARP in frame and frame[ARP].psrc == self.peer)
            self.peer_mac = answer[ARP].hwsrc

    def send(self, packet: Packet) -> None:
        """Send an IP packet, by default from our address to the stack's."""
        six = isinstance(packet, IPv6)
        if "src" not in packet.fields:
            packet.src = self.address6 if six else self.address
        if "dst" not in packet.fields:
            packet.dst = self.peer6 if six else self.peer
        self.sock.send(bytes(Ether(src=MAC, dst=group_mac(packet.dst) or self.peer_mac) / packet))

    def _receive(self, deadline: float) -> Packet | None:
        """Return the next frame from the stack; reply to requests for our addresses."""
        while (left := deadline - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                data, (_, _, kind, *_) = self.sock.recvfrom(65536)
            except TimeoutError:
                return None
            if kind == socket.PACKET_OUTGOING:
                continue
            frame = Ether(data)
            answer = self._answer(frame)
            if answer is None:
                return frame
            self.sock.send(bytes(Ether(src=MAC, dst=frame.src) / answer))
        return None

    def _answer(self, frame: Packet) -> Packet | None:
        """Reply to a request for our address."""
        if ARP in frame and frame[ARP].op == 1 and frame[ARP].pdst in self.ours:
            asked = frame[ARP]
            return ARP(op=2, hwsrc=MAC, psrc=asked.pdst, hwdst=frame.src, pdst=asked.psrc)
        if ICMPv6ND_NS in frame and frame[ICMPv6ND_NS].tgt in self.ours and frame[IPv6].src != "::":
            asked = frame[ICMPv6ND_NS].tgt
            says = ICMPv6ND_NA(tgt=asked, R=0, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr=MAC)
            return IPv6(src=asked, dst=frame[IPv6].src, hlim=255) / says
        return None

    def expect(self, wanted: Callable[[Packet], object], timeout: float = TIMEOUT) -> Packet:
        """Return the next frame for which `wanted` is true; earlier ones are discarded."""
        deadline = time.monotonic() + timeout
        seen: list[str] = []
        while (frame := self.waiting.popleft() if self.waiting else self._receive(deadline)) is not None:
            if wanted(frame):
                return frame
            seen.append(frame.summary())
        raise AssertionError(f"no such frame came, only {seen}")

    def settle(self, wanted: Callable[[Packet], object] = lambda _frame: True) -> list[Packet]:
        """Return all frames for which `wanted` is true that reply to earlier packets. Stacks process packets
        in order: a reply that did not arrive before the echo reply to a ping does not arrive."""
        number = next(self.markers)
        self.send(IP() / ICMP(id=MARKER, seq=number) / Raw(b"marker"))

        def is_marker(frame: Packet) -> bool:
            return ICMP in frame and (frame[ICMP].type, frame[ICMP].id, frame[ICMP].seq) == (
                0,
                MARKER,
                number,
            )

        found: list[Packet] = []
        self.expect(lambda frame: is_marker(frame) or (wanted(frame) and found.append(frame)))
        return found

    def close(self) -> None:
        self.sock.close()


def group_mac(address: str) -> str | None:
    """Return the MAC of a multicast group or the broadcast MAC; None for the address of one host."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4 and address.endswith(".255"):
        return EVERYBODY
    if not ip.is_multicast:
        return None
    number = 0x01005E000000 | int(ip) & 0x7FFFFF if ip.version == 4 else 0x333300000000 | int(ip) & 0xFFFFFFFF
    return number.to_bytes(6, "big").hex(":")
