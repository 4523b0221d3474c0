# loss.py - the sender whose peer tells what has arrived (RFC 2018): what is lost is found by time (RACK-TLP,
# RFC 8985), repaired at a rate in proportion (RFC 9937), and taken back if it arrived after all (RFC 3522,
# 4015).
from micropython import const

from ..seq import M32, le, lt, sub
from . import rtt
from .congestion import FAST, LOSS, OPEN, initial_window, lost
from .output import output, retry_later, transmit

_ACK = const(16)
_FIN = const(1)
_DUPTHRESH = const(3)
_DSACK_ROUNDS = const(16)  # RFC 8985 6.2 step 4: recoveries that a wider reordering window lasts


def acknowledged(tcb, n, options, now):
    """n bytes are acknowledged, and what the blocks say: RFC 8985 6.2, in its steps."""
    sender = tcb.sender
    board = sender.board
    tail = tcb.tx.tail
    flight = sub(tcb.snd_max, tcb.snd_una)
    board.settle(tail, tail + flight)
    board.min_rtt = min(board.min_rtt, tcb.min_rtt)
    if options.tsecr is not None:
        board.echo = options.tsecr
    news = board.advance(tail + n, now)
    board.echo = -1  # of what came out of order it says nothing (RFC 7323 4.3)
    tcb.snd_una = (tcb.snd_una + n) & M32
    tcb.tx.tail = tail + n
    news += _blocks(tcb, sender, options, now)
    if board.last.fate or board.last.again:  # new text is no part of that
        tcb.mark_at = 0
    if n:
        _advanced(tcb, sender, n, flight, options, now)
    known = board.lost
    if news or tcb.reorder_at:
        detect(tcb, news, now)
    if tcb.recovery == FAST:
        _reduce(tcb, sender, news, n and board.lost <= known)
    tcb.away = board.sacked + board.lost
    if news:
        _restart_timer(tcb, now)
    if n and tcb.on_writable is not None:
        tcb.on_writable()


def _blocks(tcb, sender, options, now):
    """Enter what is reported; a block that is none of what is in flight says nothing (RFC 2018 section 8)."""
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
    """Whether the first block is of text that came twice (RFC 2883 section 4)."""
    edges = options.edges
    start, end = edges[0], edges[1]
    if le(end, una):
        return lt(start, end)
    return options.blocks > 1 and le(edges[2], start) and le(end, edges[3])


def _duplicate(tcb, sender, end):
    """Text up to `end` was sent again without need: once in a round trip that widens the reordering window
    (8985 6.2 step 4)."""
    if end == sender.probe:  # 8985 7.4.2, case 1: it was not the probe that repaired anything
        sender.probe = -1
    if sender.round < 0 or le(sender.round, tcb.snd_una):
        sender.round = tcb.snd_max
        sender.wider += 1
        sender.wider_for = _DSACK_ROUNDS


def _advanced(tcb, sender, n, flight, options, now):
    """SND.UNA has moved by n."""
    tcb.retries = tcb.stuck_at = 0
    una = tcb.snd_una
    if tcb.timed_seq >= 0 and le(tcb.timed_seq, una):
        tcb.timed_seq = -1
        if not tcb.away and not tcb.recovery:
            rtt.sample(tcb, now - tcb.timed_at)
    at = sender.retransmitted_at
    if at >= 0 and tcb.recovery:
        sender.retransmitted_at = -1
        if tcb.ts_on and options.tsecr is not None and lt(options.tsecr, at):
            _take_back(tcb, sender, n)
    repaired = sender.probe >= 0 and _probe_repaired(tcb, sender)
    if not tcb.recovery:
        if repaired:
            lost(tcb, sender.flight)
            tcb.cwnd = tcb.ssthresh
        else:
            tcb.cc.acked(tcb, n, flight, now)
    elif le(tcb.recover, una):
        _leave(tcb, sender)
    elif tcb.recovery == LOSS:
        tcb.cc.acked(tcb, min(n, 2 * tcb.snd_mss), tcb.cwnd, now)  # RFC 3465 2.3


def _probe_repaired(tcb, sender):
    """8985 7.4.2: whether by now it must be the probe that has filled a hole. While all before its end is
    acknowledged and nothing more, the peer may still say that it came twice."""
    una = tcb.snd_una
    if lt(una, sender.probe) or (una == sender.probe and sender.probe_again and not tcb.recovery):
        return False
    sender.probe = -1
    return sender.probe_again


def bare_duplicate(tcb):
    """The peer acknowledges the same again without a word of SACK: the probe came twice (8985 7.4.2, case
    2)."""
    if tcb.sender.probe == tcb.snd_una:
        tcb.sender.probe = -1


def detect(tcb, news, now):
    """8985 6.2, steps 4 and 5: mark what is lost, or say when to look again."""
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
        sender.flight = sub(tcb.snd_max, tcb.snd_una) - board.sacked + news
        sender.delivered = board.resent = 0
        _time_answers(sender, now)
        tcb.predicted = -1
    tcb.away = board.sacked + board.lost


def _reordering_window(tcb, sender):
    """RACK_update_reo_wnd of 8985 6.2 step 4."""
    board = sender.board
    if not board.reordered and (tcb.recovery or board.sacked >= _DUPTHRESH * tcb.snd_mss):
        return 0
    return min(sender.wider * (board.min_rtt >> 2), tcb.srtt >> 3)


def _reduce(tcb, sender, news, safe):
    """RFC 9937 section 6: send in proportion to what arrives, towards ssthresh."""
    board = sender.board
    sender.delivered += news
    sent = board.resent + sub(tcb.snd_max, tcb.recover)
    pipe = sub(tcb.snd_max, tcb.snd_una) - board.sacked - board.lost
    ssthresh = tcb.ssthresh
    if pipe > ssthresh:
        n = (sender.delivered * ssthresh + sender.flight - 1) // sender.flight - sent
    else:
        n = max(sender.delivered - sent, news)
        if safe:
            n += tcb.snd_mss
        n = min(ssthresh - pipe, n)
    if not sent and n < tcb.snd_mss:  # the first retransmission goes at once
        n = tcb.snd_mss
    tcb.cwnd = max(pipe + max(n, 0), tcb.snd_mss)


def _leave(tcb, sender):
    """All that was outstanding when the loss was noticed has arrived."""
    if tcb.recovery == FAST:
        tcb.cwnd = tcb.ssthresh
    tcb.recovery = OPEN
    if sender.wider_for:
        sender.wider_for -= 1
        if not sender.wider_for:
            sender.wider = 1


def _time_answers(sender, now):
    """What goes again goes from now on: answers to older timestamps are to the first transmission (RFC 3522).
    Unless the next to be answered has gone again already."""
    first = sender.board.first
    sender.retransmitted_at = -1 if first is not None and first.again else now >> 10 & M32


def _take_back(tcb, sender, n):
    """The answer is to the first transmission: nothing was lost (RFC 4015 3.2). The time-out stays as long as
    it is until new text was timed: it was too short."""
    tcb.tcp.stats.tcp_spurious += 1
    board = sender.board
    board.find()
    tcb.ssthresh = max(tcb.ssthresh, tcb.pipe_prev)
    flight = sub(tcb.snd_max, tcb.snd_una)
    tcb.cwnd = max(tcb.cwnd, flight + min(n, initial_window(tcb.snd_mss)))
    tcb.recovery = OPEN


def _restart_timer(tcb, now):
    """RFC 6298 5.2, 5.3; what is reported has arrived as well."""
    tcb.rto_at = 0
    if tcb.snd_una != tcb.snd_max:
        retry_later(tcb, now)
    else:
        tcb.tx.relax()


def reordering_timeout(tcb, now):
    """RACK_mark_losses_on_timer: nothing came late that could still come."""
    sender = tcb.sender
    tail = tcb.tx.tail
    sender.board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    tcb.mark_at = 0
    detect(tcb, 0, now)
    if tcb.recovery == FAST:
        _reduce(tcb, sender, 0, False)
    go_on(tcb, now)


def go_on(tcb, now):
    """Send what may be sent: first what is lost, then what is new."""
    if not tcb.away or tcb.sender is None or _send_lost(tcb, now):
        output(tcb, now)


def _send_lost(tcb, now):
    """Send again what is lost, first things first, as far as cwnd lets. False if the device is full."""
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
        if not _again(tcb, start, n, now):
            return False
    tcb.away = board.sacked + board.lost
    return True


def _again(tcb, start, n, now):
    """Transmit n positions from `start` on, the last of which may be our FIN."""
    flags = _ACK
    text = min(n, tcb.tx.head - start)
    if text < n:
        flags = _ACK | _FIN
    again(tcb)
    return transmit(tcb, (tcb.snd_una + start - tcb.tx.tail) & M32, text, flags, now)


def again(tcb):
    """What is sent next was sent before: not for routers to mark (ecn.py)."""
    if tcb.ecn is not None:
        tcb.mac = b""


def lose(tcb, now):
    """All that is on its way is lost, but what was reported; without SACK, all of it. After a first time-out
    that may be taken back."""
    tcb.predicted = tcb.timed_seq = -1
    tcb.dupacks = tcb.away = 0
    again(tcb)
    sender = tcb.sender
    if sender is None:
        tcb.snd_nxt = tcb.snd_una
        return
    board = sender.board
    tail = tcb.tx.tail
    board.settle(tail, tail + sub(tcb.snd_max, tcb.snd_una))
    sender.probe = sender.retransmitted_at = -1
    if tcb.retries == 1:
        _time_answers(sender, now)
    board.lose()
    tcb.reorder_at = tcb.mark_at = 0
    tcb.away = board.sacked + board.lost


def may_probe(tcb):
    """Whether the timer that has run out was that of the tail loss probe (8985 7.2)."""
    sender = tcb.sender
    return (
        sender is not None
        and tcb.patience < tcb.rto
        and sender.probe < 0
        and not (tcb.recovery or tcb.away or tcb.probing or tcb.retries)
        and 0 < sub(tcb.snd_max, tcb.snd_una) <= tcb.snd_wnd
    )


def probe(tcb, now):
    """8985 7.3: one segment more, new if there is text and room in the peer's window, else the last one
    again: its acknowledgement shows what is missing. That of a single segment may be delayed: RTO instead."""
    sender = tcb.sender
    tx = tcb.tx
    mss = tcb.snd_mss
    flight = sub(tcb.snd_max, tcb.snd_una)
    sender.probe = tcb.snd_max
    sender.probe_again = False
    sender.flight = flight
    at = tcb.rto_at = now + (tcb.rto if flight > mss else tcb.rto - tcb.patience)
    tcb.tcp.deadlines.arm(tcb, at)
    tcb.predicted = -1
    if flight > mss:
        top = tx.tail + flight
        n = min(mss, tx.head - top, tcb.snd_wnd - flight)
        if n <= 0:
            n = min(mss, flight)
            top -= n
            sender.probe_again = True
        _again(tcb, top, n, now)
        if not sender.probe_again:
            sender.probe = tcb.snd_max
