# flight.py - bookkeeping of data in flight to a peer with SACK, entered when it is sent; loss.py reads it.
from ..limits import TCP_RUNS
from ..seq import sub
from . import rtt
from .scoreboard import Scoreboard


class Sender:
    """The SACK sender state of a connection, from its first data on."""

    def __init__(self):
        self.board = Scoreboard(TCP_RUNS)
        self.reo_wnd_mult = 1  # RACK.reo_wnd_mult
        self.reo_wnd_persist = 0  # RACK.reo_wnd_persist
        self.dsack_round = -1  # RACK.dsack_round: up to this sequence number one D-SACK counts
        # PRR (RFC 9937); recover_fs also holds the flight size when a tail loss probe was sent
        self.prr_delivered = self.recover_fs = 0
        self.retransmit_ts = -1  # RetransmitTS: timestamp of the first retransmission (RFC 3522)
        self.tlp_end_seq = -1  # TLP.end_seq
        self.tlp_is_retrans = False  # TLP.is_retrans


def mark_sent(tcb, now):
    """Record new data sent now (output.sent): as a run of its own, unless the last run is nearly as
    recent."""
    if tcb.sender is None and not _begin(tcb):
        return
    sender = tcb.sender
    tail = tcb.tx.tail
    grain = tcb.srtt >> 9  # a 64th of a round trip
    sender.board.mark_sent(tail, tail + sub(tcb.snd_max, tcb.snd_una), now, grain)
    tcb.mark_at = now + grain + 1
    tcb.cc.sent(tcb, now)


def _begin(tcb):
    """Allocate the sender state before the first data, or later while nothing is in flight. Without memory
    for it the connection continues as with a peer without SACK."""
    if tcb.recovery or tcb.snd_una != tcb.snd_max:
        return False
    try:
        tcb.sender = Sender()
    except MemoryError:
        return False
    tcb.dupacks = tcb.outside_pipe = 0
    rtt.reset(tcb)  # enables the tail loss probe timeout
    return True


def forget(tcb):
    """Release the sender state if nothing is in flight and it has nothing to remember. Needs no memory."""
    sender = tcb.sender
    if sender is None or tcb.snd_una != tcb.snd_max or tcb.recovery or tcb.outside_pipe:
        return
    if sender.reo_wnd_mult == 1 and sender.retransmit_ts < 0 and sender.tlp_end_seq < 0:
        tcb.sender = None
        tcb.mark_at = 0


def mark_retransmitted(tcb, seq, end, now):
    """Record the retransmission of seq .. end-1."""
    sender = tcb.sender
    if sender is None:
        return
    board = sender.board
    tail = tcb.tx.tail
    board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    start = tail + sub(seq, tcb.snd_una)
    board.mark_retransmitted(start, start + sub(end, seq), now)
    tcb.mark_at = 0
    tcb.outside_pipe = board.sacked + board.lost
