"""Check the segments that a host sends: no data beyond the peer's window, only the test's data, no shrinking
window."""

import struct

from unit.mnet.frames import ACK, FIN, RST, SYN, checksum, pseudo

M32 = 0xFFFFFFFF
HALF = 0x80000000


class Flow:
    """One direction of one connection: what its sender may send, given what it has received."""

    def __init__(self):
        self.edge = None
        self.scale = None  # of the peer's windows; None: it has not offered to scale
        self.offered = None  # of ours
        self.acked = None  # how far we have acknowledged, and ...
        self.promised = None  # ... what window we have offered
        self.irs = self.heard = None  # of the peer, and the end of the data received
        self.first = None  # sequence number of our first data


def is_tcp(frame):
    """Whether it is a plain TCP segment."""
    if frame[12:14] == b"\x86\xdd":
        return len(frame) >= 74 and frame[20] == 6
    return len(frame) >= 54 and frame[12:15] == b"\x08\0\x45" and frame[23] == 6


def ends(frame):
    """Return (source, destination, offset of TCP, end) of a segment."""
    if frame[12:14] == b"\x86\xdd":
        return frame[22:38], frame[38:54], 54, 54 + struct.unpack("!H", frame[18:20])[0]
    return frame[26:30], frame[30:34], 34, 14 + struct.unpack("!H", frame[16:18])[0]


def whole(frame):
    """Whether the checksums are correct."""
    src, dst, off, end = ends(frame)
    body = frame[off:end]
    if off == 34:
        if checksum(frame[14:34]):
            return False
        src, dst = struct.unpack("!II", frame[26:34])
    return not checksum(pseudo(src, dst, 6, len(body)) + body)


class Referee:
    """The referee of one host. It assumes that the peer never moves its window's right edge left."""

    def __init__(self):
        self.flows = {}
        self.watching = True
        self.says = None  # the data of its connections, if known
        self.beyond = 0  # zero window probes, which are allowed

    def sent(self, frame):
        """Check a frame that the host sends."""
        fields = self._tcp(frame)
        if fields is None:
            return
        sport, dport, seq, ack, bits, window, text, scale, start = fields
        key = (sport, dport, ends(frame)[1])
        if bits & SYN:
            flow = self.flows.setdefault(key, Flow())
            flow.offered, flow.first = scale, (seq + 1) & M32
            flow.acked = flow.promised = None
            return
        flow = self.flows.get(key)
        if flow is None or flow.edge is None or not self.watching or bits & RST:
            return
        if text:
            self._text(flow, seq, frame[start : start + text])
        self._promise(flow, ack, window)

    def _text(self, flow, seq, text):
        """Check that data is in the window and is the expected data."""
        n = len(text)
        excess = (seq + n - flow.edge) & M32
        if 0 < excess < HALF:
            assert excess == n == 1, f"{excess} bytes of {n} lie beyond the window"
            self.beyond += 1
        if self.says is not None:
            at = (seq - flow.first) & M32
            assert text == self.says[at : at + n], f"what is sent at {at} is not the text"

    def _promise(self, flow, ack, window):
        """Check that acknowledged data was received, that SND.UNA does not fall, and that the window shrinks
        (RFC 9293 3.8.6) by no more than its scale cuts off."""
        unit = 1
        if flow.scale is not None and flow.offered is not None:
            unit <<= min(flow.offered, 14)
        edge = (ack + window * unit) & M32
        assert flow.heard is None or (flow.heard - ack) & M32 < HALF, "what has not come is acknowledged"
        if flow.acked is not None:
            assert (ack - flow.acked) & M32 < HALF, "an acknowledgement is taken back"
            shrinks = (flow.promised - edge) & M32
            assert shrinks < unit or shrinks >= HALF, f"the window shrinks by {shrinks}"
        flow.acked, flow.promised = ack, edge

    def received(self, frame, verify=True):
        """Update the host's knowledge with a received frame, if it is intact."""
        fields = self._tcp(frame)
        if fields is None or (verify and not whole(frame)):
            return
        sport, dport, seq, ack, bits, window, text, scale, _ = fields
        flow = self.flows.setdefault((dport, sport, ends(frame)[0]), Flow())
        if bits & SYN and seq != flow.irs:
            flow.scale, flow.irs = scale, seq
            flow.edge = flow.heard = None
        end = (seq + text + bool(bits & SYN) + bool(bits & FIN)) & M32
        if flow.heard is None or (end - flow.heard) & M32 < HALF:
            flow.heard = end
        if not bits & ACK:
            return
        if not bits & SYN and flow.scale is not None and flow.offered is not None:
            window <<= min(flow.scale, 14)
        edge = (ack + window) & M32
        if flow.edge is None or 0 < (edge - flow.edge) & M32 < HALF:
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
        while bits & SYN and off < min(start, len(frame)) - 2 and frame[off]:
            if frame[off] == 3:
                scale = frame[off + 2]
            off += 1 if frame[off] == 1 else frame[off + 1] or start
        return sport, dport, seq, ack, bits, window, text, scale, start
