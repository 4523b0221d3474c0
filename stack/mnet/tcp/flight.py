# flight.py - what is on its way to a peer that sends SACK, entered as it leaves; loss.py reads it.
from ..limits import TCP_RUNS
from ..seq import sub
from . import rtt
from .scoreboard import Scoreboard


class Sender:
    """What a connection keeps for this, from its first text on."""

    def __init__(self):
        self.board = Scoreboard(TCP_RUNS)
        self.wider = 1  # RACK.reo_wnd_mult
        self.wider_for = 0  # RACK.reo_wnd_persist
        self.round = -1  # until this number one D-SACK counts
        self.delivered = self.flight = 0  # prr_delivered, RecoverFS; flight: also when the tail was probed
        self.retransmitted_at = -1  # timestamp of the first retransmission (RFC 3522)
        self.probe = -1  # TLP.end_seq
        self.probe_again = False  # TLP.is_retrans


def mark(tcb, now):
    """New text is sent now (output.sent): a run of its own, unless the last one is nearly as young."""
    if tcb.sender is None and not _begin(tcb):
        return
    sender = tcb.sender
    tail = tcb.tx.tail
    grain = tcb.srtt >> 9  # a 64th of a round trip
    sender.board.begin(tail, tail + sub(tcb.snd_max, tcb.snd_una), now, grain)
    tcb.mark_at = now + grain + 1


def _begin(tcb):
    """The first text, or the first that finds memory and nothing in flight. Until then the connection is one
    with a peer that does not send SACK."""
    if tcb.recovery or tcb.snd_una != tcb.snd_max:
        return False
    try:
        tcb.sender = Sender()
    except MemoryError:
        return False
    tcb.dupacks = tcb.away = 0
    rtt.reset(tcb)  # to wait for the probe of the tail
    return True


def sent_again(tcb, seq, end, now):
    """What lies between these numbers has left once more."""
    sender = tcb.sender
    if sender is None:
        return
    board = sender.board
    tail = tcb.tx.tail
    board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    start = tail + sub(seq, tcb.snd_una)
    board.sent_again(start, start + sub(end, seq), now)
    tcb.mark_at = 0
    tcb.away = board.sacked + board.lost
