"""One TCP connection from the test's side: every segment is scripted."""

import time
from dataclasses import dataclass, field

from packetimpact.link import TIMEOUT, Link
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.packet import Packet, Raw

WINDOW = 64000
SEQ_MASK = 0xFFFFFFFF


@dataclass
class Connection:
    """seq is the next number to send, ack the next expected; both are sent unless a segment has others."""

    link: Link
    local: int
    remote: int
    seq: int = 1_000_000
    ack: int = 0
    window: int = WINDOW
    options: list[tuple[str, object]] = field(default_factory=list)
    six: bool = False

    def send(self, flags: str, payload: bytes = b"", **what: object) -> None:
        """Return a segment with `what` changed, without advancing seq or ack."""
        fields = {"seq": self.seq, "ack": self.ack if "A" in flags else 0, "window": self.window} | what
        fields.setdefault("options", self.options)
        packet = (IPv6() if self.six else IP()) / TCP(
            sport=self.local, dport=self.remote, flags=flags, **fields
        )
        self.link.send(packet / Raw(payload) if payload else packet)

    def is_ours(self, frame: Packet) -> bool:
        """Whether it is a segment of this connection."""
        return TCP in frame and (frame[TCP].sport, frame[TCP].dport) == (self.remote, self.local)

    def expect(self, flags: str = "", timeout: float = TIMEOUT, **fields: int) -> Packet:
        """Return the next segment with these flags (of S, A, F, R) and fields."""

        def wanted(frame: Packet) -> bool:
            if not self.is_ours(frame):
                return False
            segment = frame[TCP]
            return (not flags or set(str(segment.flags)) - {"P", "E", "C"} == set(flags)) and all(
                getattr(segment, name) == value for name, value in fields.items()
            )

        found: Packet = self.link.expect(wanted, timeout)[TCP]
        return found

    def replies(self) -> list[Packet]:
        """Return the segments sent in reply until now; an empty list if there are none."""
        return [frame[TCP] for frame in self.link.settle(self.is_ours)]

    def open(self, delay: float = 0) -> None:
        """Send and receive the three segments of a handshake, ours first; the last one is delayed by so many
        seconds."""
        self.send("S")
        self.seq += 1
        self.accept_syn(self.expect("SA", ack=self.seq))
        self.options = [option for option in self.options if option[0] == "Timestamp"]  # the rest is for SYNs
        time.sleep(delay)
        self.send("A")

    def accept_syn(self, segment: Packet) -> None:
        self.ack = (segment.seq + 1) & SEQ_MASK

    def answer_open(self) -> None:
        """The same, the other side's first."""
        self.accept_syn(self.expect("S"))
        self.send("SA")
        self.seq += 1
        self.expect("A", seq=self.ack, ack=self.seq)

    def offer(self, window: int) -> None:
        """Change the advertised window; the stack has received it when this returns."""
        self.window = window
        self.send("A")
        assert self.replies() == []

    def take(self, segment: Packet) -> bytes:
        """Acknowledge a segment with data. Returns the data."""
        data = text(segment)
        self.ack = (segment.seq + len(data)) & SEQ_MASK
        self.send("A")
        return data


def text(segment: Packet) -> bytes:
    """Return the data of a segment, without the padding of its frame."""
    return bytes(segment[Raw].load) if Raw in segment else b""
