"""Looks at what a host sends: never text beyond the window that the peer has offered it."""

import struct

from unit.mnet.frames import ACK, SYN, checksum, pseudo

M32 = 0xFFFFFFFF


class Flow:
    """One direction of one connection: how far its sender may go, as far as it can know."""

    def __init__(self):
        self.edge = None
        self.scale = None  # of the peer's windows; None: it has not offered to scale
        self.offered = False  # we have


def is_tcp(frame):
    """Whether it is a plain TCP segment."""
    if frame[12:14] == b"\x86\xdd":
        return len(frame) >= 74 and frame[20] == 6
    return len(frame) >= 54 and frame[12:15] == b"\x08\0\x45" and frame[23] == 6


def ends(frame):
    """(source, destination, where TCP begins, where it ends) of one."""
    if frame[12:14] == b"\x86\xdd":
        return frame[22:38], frame[38:54], 54, 54 + struct.unpack("!H", frame[18:20])[0]
    return frame[26:30], frame[30:34], 34, 14 + struct.unpack("!H", frame[16:18])[0]


def whole(frame):
    """Whether the sums are right."""
    src, dst, off, end = ends(frame)
    body = frame[off:end]
    if off == 34:
        if checksum(frame[14:34]):
            return False
        src, dst = struct.unpack("!II", frame[26:34])
    return not checksum(pseudo(src, dst, 6, len(body)) + body)


class Referee:
    """Of one host. It believes that a connection's peer never moves its window's right edge left."""

    def __init__(self):
        self.flows = {}
        self.watching = True
        self.beyond = 0  # probes of a shut window, which are allowed

    def sent(self, frame):
        """The host sends a frame."""
        fields = self._tcp(frame)
        if fields is None:
            return
        sport, dport, seq, _, bits, _, text, scale = fields
        key = (sport, dport, ends(frame)[1])
        if bits & SYN:
            if key not in self.flows or not bits & ACK:
                self.flows[key] = self.flows.get(key) or Flow()
            self.flows[key].offered = scale is not None
            return
        flow = self.flows.get(key)
        if flow is None or flow.edge is None or not text or not self.watching:
            return
        excess = (seq + text - flow.edge) & M32
        if 0 < excess < 1 << 31:
            assert excess == text == 1, f"{excess} bytes of {text} lie beyond the window"
            self.beyond += 1

    def received(self, frame, verify=True):
        """The host receives a frame: if it is whole, it now knows more."""
        fields = self._tcp(frame)
        if fields is None or (verify and not whole(frame)):
            return
        sport, dport, _, ack, bits, window, _, scale = fields
        flow = self.flows.setdefault((dport, sport, ends(frame)[0]), Flow())
        if bits & SYN:
            flow.scale = scale
            flow.edge = None
        if not bits & ACK:
            return
        if not bits & SYN and flow.scale is not None and flow.offered:
            window <<= min(flow.scale, 14)
        edge = (ack + window) & M32
        if flow.edge is None or 0 < (edge - flow.edge) & M32 < 1 << 31:
            flow.edge = edge

    def _tcp(self, frame):
        if not is_tcp(frame):
            return None
        _, _, tcp, end = ends(frame)
        sport, dport, seq, ack, offset, bits, window = struct.unpack("!HHIIBBH", frame[tcp : tcp + 16])
        start = tcp + (offset >> 4) * 4
        text = end - start
        scale = None
        off = tcp + 20
        while bits & SYN and off < start - 1 and frame[off]:
            if frame[off] == 3:
                scale = frame[off + 2]
            off += 1 if frame[off] == 1 else frame[off + 1] or start
        return sport, dport, seq, ack, bits, window, text, scale
