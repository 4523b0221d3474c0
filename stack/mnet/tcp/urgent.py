# urgent.py - urgent data: RFC 9293 3.8.5, RFC 6093. The urgent pointer points to the octet after the urgent
# data; the last urgent octet is the out-of-band data of BSD sockets.
from micropython import const

from ..seq import HALF, M32, sub
from ..wire.primitives import put16
from .states import CLOSE_WAIT

_URG = const(32)
_POINTER = const(18)  # offset in the header
_EXPECTED = const(-1)
_TAKEN = const(-2)


class Mark:
    """The latest urgent mark of the peer, where reading stops once. `at`: its position in the receive
    ring."""

    def __init__(self, at):
        self.at = at
        self.byte = _EXPECTED  # the last urgent octet, once received
        self.out = False  # the octet was taken out of the stream


def step6(tcb, seg):
    """Process the urgent pointer (RFC 9293 3.10.7.4, sixth). RCV.UP moves forward only, and never behind
    data already read. A pointer of 0 is ignored."""
    ahead = (seg.seq + seg.up - 1 - tcb.rcv_nxt) & M32
    at = tcb.rx.head + ahead - (M32 + 1 if ahead >= HALF else 0)
    mark = tcb.urgent
    if not seg.up or at < tcb.rx.tail or (mark is not None and at < mark.at + (not mark.out)):
        return
    tcb.urgent = Mark(at)
    tcb.predicted = -1
    arrived(tcb)
    if tcb.on_readable is not None:
        tcb.on_readable()


def arrived(tcb):
    """Take the urgent octet out of the stream once it has been received and is next to be read."""
    mark, rx = tcb.urgent, tcb.rx
    if mark.byte == _EXPECTED and mark.at < rx.head:
        mark.byte = rx.buf[mark.at % len(rx.buf)]
    if rx.tail == mark.at and mark.byte != _EXPECTED and not (mark.out or tcb.settings.oob_inline):
        rx.tail = mark.at = mark.at + 1
        mark.out = True
        if tcb.state < CLOSE_WAIT:
            tcb.rcv_wnd += 1


def until_mark(tcb, n):
    """Return how much of n may be read before the mark."""
    ahead = tcb.urgent.at - tcb.rx.tail
    return n if ahead <= 0 else min(n, ahead)


def was_read(tcb):
    """Update the mark after a read; forget it once it has been passed."""
    if tcb.rx.tail > tcb.urgent.at:
        tcb.urgent = None
    else:
        arrived(tcb)


def pending(tcb):
    """Whether there is, or will be, urgent data that the user has not read (MUST-32, MUST-33)."""
    mark = tcb.urgent
    return mark is not None and mark.byte != _TAKEN


def take(tcb):
    """Take the urgent octet out of band: -1 if it has not been received, None if there is none."""
    mark = tcb.urgent
    if mark is None or mark.byte == _TAKEN or tcb.settings.oob_inline:
        return None
    byte = mark.byte
    if byte != _EXPECTED:
        mark.byte = _TAKEN
    return byte


def begin(tcb):
    """Make all queued data urgent (3.10.2). Segments take the slow path until it is acknowledged."""
    tcb.snd_up = (tcb.snd_una + tcb.tx.head - tcb.tx.tail) & M32
    tcb.invalidate_header()


def point(tcb, seq):
    """Write the urgent pointer for the segment at `seq` into the template. Returns the flag to set."""
    ahead = sub(tcb.snd_up, seq)
    if not 0 < ahead < HALF:
        if sub(tcb.snd_up, tcb.snd_una) - 1 & M32 >= HALF:
            tcb.snd_up = -1
        return 0
    put16(tcb.template, tcb.payload + _POINTER, min(ahead, 0xFFFF))
    return _URG
