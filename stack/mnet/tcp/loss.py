# loss.py - SACK loss recovery: RACK loss detection (RFC 8985), PRR (RFC 9937), detection and undo of spurious
# retransmissions (Eifel, RFC 3522, 4015). Tail loss probes are in tlp.py.
from micropython import const

from ..seq import M32, le, lt, sub
from . import ecn, rtt, tlp
from .congestion import FAST, LOSS, OPEN, initial_window, lost
from .output import output, start_retransmission_timer, transmit_range

_DUPTHRESH = const(3)
_DSACK_ROUNDS = const(16)  # RFC 8985 6.2 step 4: recoveries during which a wider reordering window persists


def acknowledged(tcb, n, options, now):
    """Process a cumulative ACK of n bytes and SACK blocks: RFC 8985 6.2, step by step."""
    sender = tcb.sender
    board = sender.board
    tail = tcb.tx.tail
    flight = sub(tcb.snd_max, tcb.snd_una)
    board.settle(tail, tail + flight)
    board.min_rtt = min(board.min_rtt, tcb.min_rtt)
    if options.tsecr is not None:
        board.echo = options.tsecr
    news = board.advance(tail + n, now)
    board.echo = -1  # TSecr is not that of SACKed data (RFC 7323 4.3)
    tcb.snd_una = (tcb.snd_una + n) & M32
    tcb.tx.tail = tail + n
    news += _blocks(tcb, sender, options, now)
    if board.last.status or board.last.retransmitted:  # new data begins a run of its own
        tcb.mark_at = 0
    if n:
        _advanced(tcb, sender, n, flight, options, now)
    known = board.lost
    if news or tcb.reorder_at:
        detect(tcb, news, now)
    if tcb.recovery == FAST:
        _reduce(tcb, sender, news, n and board.lost <= known)
    tcb.outside_pipe = board.sacked + board.lost
    if news:
        _restart_timer(tcb, now)
    if n and tcb.on_writable is not None:
        tcb.on_writable()


def _blocks(tcb, sender, options, now):
    """Enter the SACK blocks. Ignore a block outside the data in flight (RFC 2018 section 8)."""
    edges = options.edges
    una, tail, news = tcb.snd_una, tcb.tx.tail, 0
    flight = sub(tcb.snd_max, una)
    for i in range(0, 2 * options.blocks, 2):
        start, end = sub(edges[i], una), sub(edges[i + 1], una)
        if i == 0 and _is_duplicate(options, una):
            _duplicate(tcb, sender, edges[1])
        elif start < end <= flight:
            news += sender.board.sack(tail + start, tail + end, now)
    return news


def _is_duplicate(options, una):
    """Whether the first block is a D-SACK (RFC 2883 section 4)."""
    edges = options.edges
    start, end = edges[0], edges[1]
    if le(end, una):
        return lt(start, end)
    return options.blocks > 1 and le(edges[2], start) and le(end, edges[3])


def _duplicate(tcb, sender, end):
    """Process a D-SACK up to `end`: the retransmission was spurious. Once per round trip it widens the
    reordering window (8985 6.2 step 4)."""
    if end == sender.tlp_end_seq:  # 8985 7.4.2, case 1: the tail loss probe repaired nothing
        sender.tlp_end_seq = -1
    if sender.dsack_round < 0 or le(sender.dsack_round, tcb.snd_una):
        sender.dsack_round = tcb.snd_max
        sender.reo_wnd_mult += 1
        sender.reo_wnd_persist = _DSACK_ROUNDS


def _advanced(tcb, sender, n, flight, options, now):
    """Update timers and cwnd after SND.UNA has advanced by n."""
    tcb.retries = tcb.stuck_at = 0
    una = tcb.snd_una
    measured = 0
    if tcb.timed_seq >= 0 and le(tcb.timed_seq, una):
        tcb.timed_seq = -1
        if not tcb.outside_pipe and not tcb.recovery:
            measured = now - tcb.timed_at
            rtt.sample(tcb, measured)
    at = sender.retransmit_ts
    if at >= 0 and tcb.recovery:
        sender.retransmit_ts = -1
        if tcb.ts_on and options.tsecr is not None and lt(options.tsecr, at):
            _undo_recovery(tcb, sender, n)
    repaired = sender.tlp_end_seq >= 0 and tlp.repaired(tcb, sender)
    if not tcb.recovery:
        if repaired:
            lost(tcb, sender.recover_fs)
            tcb.cwnd = tcb.ssthresh
        else:
            tcb.cc.acknowledged(tcb, n, flight, measured, now)
    elif le(tcb.recover, una):
        _leave(tcb, sender)
    elif tcb.recovery == LOSS:
        tcb.cc.acknowledged(tcb, min(n, 2 * tcb.snd_mss), tcb.cwnd, 0, now)  # RFC 3465 2.3


def detect(tcb, news, now):
    """Mark lost segments and start fast recovery, or arm the reordering timer (8985 6.2, steps 4 and 5)."""
    sender = tcb.sender
    board = sender.board
    wait = board.detect(_reordering_window(tcb, sender), now)
    tcb.reorder_at = 0
    if wait:
        at = tcb.reorder_at = now + wait
        tcb.tcp.deadlines.arm(tcb, at)
    if board.lost and tcb.recovery == OPEN:
        lost(tcb, sub(tcb.snd_max, tcb.snd_una))
        tcb.recovery = FAST
        tcb.recover = tcb.snd_max
        sender.recover_fs = sub(tcb.snd_max, tcb.snd_una) - board.sacked + news
        sender.prr_delivered = board.resent = 0
        _start_eifel(sender, now)
        tcb.predicted = -1
    tcb.outside_pipe = board.sacked + board.lost


def _reordering_window(tcb, sender):
    """Return the reordering window: RACK_update_reo_wnd of 8985 6.2 step 4."""
    board = sender.board
    if not board.reordering_seen and (tcb.recovery or board.sacked >= _DUPTHRESH * tcb.snd_mss):
        return 0
    return min(sender.reo_wnd_mult * (board.min_rtt >> 2), tcb.srtt >> 3)


def _reduce(tcb, sender, news, safe):
    """Set cwnd for proportional rate reduction towards ssthresh (RFC 9937 section 6)."""
    board = sender.board
    sender.prr_delivered += news
    sent = board.resent + sub(tcb.snd_max, tcb.recover)
    pipe = sub(tcb.snd_max, tcb.snd_una) - board.sacked - board.lost
    ssthresh = tcb.ssthresh
    if pipe > ssthresh:
        n = (sender.prr_delivered * ssthresh + sender.recover_fs - 1) // sender.recover_fs - sent
    else:
        n = max(sender.prr_delivered - sent, news)
        if safe:
            n += tcb.snd_mss
        n = min(ssthresh - pipe, n)
    if not sent and n < tcb.snd_mss:  # fast retransmit: send the first retransmission at once
        n = tcb.snd_mss
    tcb.cwnd = max(pipe + max(n, 0), tcb.snd_mss)


def _leave(tcb, sender):
    """Leave recovery: all data outstanding at its start is acknowledged."""
    if tcb.recovery == FAST:
        tcb.cwnd = tcb.ssthresh
    tcb.recovery = OPEN
    if sender.reo_wnd_persist:
        sender.reo_wnd_persist -= 1
        if not sender.reo_wnd_persist:
            sender.reo_wnd_mult = 1


def _start_eifel(sender, now):
    """Remember the timestamp of the first retransmission: an ACK that echoes an older one is for the
    original transmission (Eifel detection, RFC 3522). Not if the first data in flight was retransmitted
    before."""
    first = sender.board.first
    sender.retransmit_ts = -1 if first is not None and first.retransmitted else now >> 10 & M32


def _undo_recovery(tcb, sender, n):
    """Undo a spurious recovery (Eifel response, RFC 4015 3.2): mark nothing as lost, restore cwnd and
    ssthresh. The RTO stays backed off until new data is timed: it was too short."""
    tcb.tcp.stats.tcp_spurious += 1
    board = sender.board
    board.unmark_lost()
    tcb.ssthresh = max(tcb.ssthresh, tcb.pipe_prev)
    flight = sub(tcb.snd_max, tcb.snd_una)
    tcb.cwnd = max(tcb.cwnd, flight + min(n, initial_window(tcb.snd_mss)))
    tcb.recovery = OPEN


def _restart_timer(tcb, now):
    """Restart or stop the retransmission timer (RFC 6298 5.2, 5.3). SACKed data counts as delivered."""
    tcb.rto_at = 0
    if tcb.snd_una != tcb.snd_max:
        start_retransmission_timer(tcb, now)
    else:
        tcb.tx.relax()


def reordering_timeout(tcb, now):
    """Mark losses when the reordering timer expires (RACK_mark_losses_on_timer)."""
    sender = tcb.sender
    tail = tcb.tx.tail
    sender.board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    tcb.mark_at = 0
    detect(tcb, 0, now)
    if tcb.recovery == FAST:
        _reduce(tcb, sender, 0, False)
    send_pending(tcb, now)


def send_pending(tcb, now):
    """Retransmit lost data, then send new data."""
    if not tcb.outside_pipe or tcb.sender is None or _retransmit_lost(tcb, now):
        output(tcb, now)


def _retransmit_lost(tcb, now):
    """Retransmit lost data in order, as far as cwnd allows. Returns False if the device is full."""
    board = tcb.sender.board
    while board.lost:
        tail = tcb.tx.tail
        start, end = board.first_lost()
        pipe = sub(tcb.snd_max, tcb.snd_una) - board.sacked - board.lost
        n = min(end - start, tcb.gso, tail + tcb.snd_wnd - start)
        room = tcb.cwnd - pipe
        if n > room:
            n = room - room % tcb.snd_mss
        if n <= 0:
            break
        if not transmit_range(tcb, start, n, now):
            return False
    tcb.outside_pipe = board.sacked + board.lost
    return True


def mark_all_lost(tcb, now):
    """Mark all outstanding data lost that is not SACKed; without SACK, all of it. After the first timeout
    start Eifel detection."""
    tcb.predicted = tcb.timed_seq = -1
    tcb.dupacks = tcb.outside_pipe = 0
    ecn.next_without_ect(tcb)
    sender = tcb.sender
    if sender is None:
        tcb.snd_nxt = tcb.snd_una
        return
    board = sender.board
    tail = tcb.tx.tail
    board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    sender.tlp_end_seq = sender.retransmit_ts = -1
    if tcb.retries == 1:
        _start_eifel(sender, now)
    board.mark_all_lost()
    tcb.reorder_at = tcb.mark_at = 0
    tcb.outside_pipe = board.sacked + board.lost
