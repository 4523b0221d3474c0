# urgent.py - urgent text: RFC 9293 3.8.5, RFC 6093. The pointer is that of the octet after it; its last octet
# is what BSD's sockets know as out-of-band.
from micropython import const

from ..seq import HALF, M32, sub
from ..wire.primitives import put16
from .states import CLOSE_WAIT

_URG = const(32)
_POINTER = const(18)  # in the header
_COMING = const(-1)
_TAKEN = const(-2)


class Mark:
    """The latest mark of the peer; reading stops there once. `at`: its place in the receive ring."""

    def __init__(self, at):
        self.at = at
        self.byte = _COMING  # the last urgent octet, once it has come
        self.out = False  # it has been taken out of what is read


def step6(tcb, seg):
    """RFC 9293 3.10.7.4, sixth: RCV.UP moves forward only, and never back into what was read. A pointer of 0
    is none."""
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
    """More text may have come, or have been read: does the mark concern what is next?"""
    mark, rx = tcb.urgent, tcb.rx
    if mark.byte == _COMING and mark.at < rx.head:
        mark.byte = rx.buf[mark.at % len(rx.buf)]
    if rx.tail == mark.at and mark.byte != _COMING and not (mark.out or tcb.settings.oob_inline):
        rx.tail = mark.at = mark.at + 1
        mark.out = True
        if tcb.state < CLOSE_WAIT:
            tcb.rcv_free += 1


def until_mark(tcb, n):
    """How much of n may be read at once."""
    ahead = tcb.urgent.at - tcb.rx.tail
    return n if ahead <= 0 else min(n, ahead)


def was_read(tcb):
    """Behind the mark it is forgotten."""
    if tcb.rx.tail > tcb.urgent.at:
        tcb.urgent = None
    else:
        arrived(tcb)


def pending(tcb):
    """Whether there is, or will be, something urgent that the user has not had (MUST-32, MUST-33)."""
    mark = tcb.urgent
    return mark is not None and mark.byte != _TAKEN


def take(tcb):
    """The urgent octet beside the stream: -1 if it is still to come, None if there is none."""
    mark = tcb.urgent
    if mark is None or mark.byte == _TAKEN or tcb.settings.oob_inline:
        return None
    byte = mark.byte
    if byte != _COMING:
        mark.byte = _TAKEN
    return byte


def begin(tcb):
    """All that is queued is urgent (3.10.2). Until the peer has it every segment goes the long way."""
    tcb.snd_up = (tcb.snd_una + tcb.tx.head - tcb.tx.tail) & M32
    tcb.mac = b""


def point(tcb, seq):
    """Put the pointer into the template for the segment at `seq`; the flag that goes with it."""
    ahead = sub(tcb.snd_up, seq)
    if not 0 < ahead < HALF:
        if sub(tcb.snd_up, tcb.snd_una) - 1 & M32 >= HALF:
            tcb.snd_up = -1
        return 0
    put16(tcb.template, tcb.payload + _POINTER, min(ahead, 0xFFFF))
    return _URG
