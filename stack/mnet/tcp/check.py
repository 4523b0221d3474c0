# check.py - may the segment be looked at at all? The first, second and fourth steps of RFC 9293 3.10.7.4,
# hardened by RFC 5961 and 7323.
from micropython import const

from . import close, handshake, report
from .output import acknowledge
from .states import ESTABLISHED, SYN_RCVD

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
OLD = const(2)  # of step1_sequence()
_FIN = const(1)
_SYN = const(2)
_RST = const(4)
_ACK = const(16)
_CHALLENGE_INTERVAL = const(500000)
_PAWS_IDLE = const(2073600000000)  # RFC 7323 5.5: after 24 days the timestamp clock says nothing


def step1_sequence(tcb, seg, options, now):
    """Whether any of it lies in the window, and is not from an earlier turn of the sequence numbers (RFC 7323
    5.3). OLD: it does not, but it may say something new."""
    if tcb.ts_on:
        if options.tsval is None:
            if not seg.flags & _RST:  # accepted without PAWS, as on Linux (docs/deviations.md)
                tcb.tcp.stats.tcp_no_timestamp += 1
        elif (options.tsval - tcb.ts_recent) & M32 >= _HALF and now - tcb.ts_recent_at < _PAWS_IDLE:
            if not seg.flags & _RST:
                _say_where_we_are(tcb, seg, now)
                return dropped(tcb, "tcp_paws")
    if _acceptable(tcb, seg):
        first = tcb.ts_on and (tcb.rcv_acked - seg.seq) & M32 < _HALF
        if first and options.tsval is not None and not seg.flags & _RST:
            tcb.ts_recent = options.tsval  # RFC 7323 4.3 (2)
            tcb.ts_recent_at = now
        return True
    if tcb.state == SYN_RCVD and seg.flags & (_SYN | _RST | _ACK) == _SYN and seg.seq == tcb.irs:
        handshake.send_syn_again(tcb, now)  # our SYN-ACK was lost
    elif not seg.flags & _RST:
        if seg.flags & _FIN and (seg.seq + seg.len + 1) & M32 == tcb.rcv_nxt:
            close.time_wait_again(tcb, now)
        report.old_text(tcb, seg)
        _say_where_we_are(tcb, seg, now)
    dropped(tcb, "tcp_outside_window")
    return OLD if _says_news(tcb, seg) else False


def _says_news(tcb, seg):
    """After a time-out what a segment acknowledges counts, though its text came long ago: two ends that have
    missed nothing but acknowledgements would answer each other for ever."""
    return (
        tcb.retries
        and tcb.state >= ESTABLISHED
        and seg.flags & (_SYN | _RST | _ACK) == _ACK
        and (tcb.rcv_nxt - seg.seq) & M32 <= tcb.rx.size + 1  # with the FIN
        and 0 < (seg.ack - tcb.snd_una) & M32 <= (tcb.snd_max - tcb.snd_una) & M32
    )


def _say_where_we_are(tcb, seg, now):
    """The ACK for what cannot be taken; for empty segments few, or two ends that have lost each other would
    answer each other's answers for ever."""
    if seg.len or seg.flags & (_SYN | _FIN):
        acknowledge(tcb, now)
    else:
        challenge(tcb, now)


def _acceptable(tcb, seg):
    """Table 6 of RFC 9293 3.10.7.4, with the allowance it makes for a shut window: what starts at RCV.NXT is
    looked at."""
    start = (seg.seq - tcb.rcv_nxt) & M32
    if start == 0:
        return True
    length = seg.len + (1 if seg.flags & _SYN else 0) + (1 if seg.flags & _FIN else 0)
    window = tcb.rcv_free
    return start < window or (length > 0 and (start + length - 1) & M32 < window)


def step2_reset(tcb, seg, now):
    """RFC 5961 3.2: only the exact number resets; any other in the window is asked back."""
    if not seg.flags & _RST:
        return True
    if seg.seq == tcb.rcv_nxt:
        close.reset_by_peer(tcb)
    else:
        challenge(tcb, now)
    return dropped(tcb, "tcp_rst")


def step4_syn(tcb, seg, now):
    """RFC 5961 4.2: a SYN in a synchronized state is asked back; a peer that really has restarted answers
    with a reset."""
    if not seg.flags & _SYN:
        return True
    challenge(tcb, now)
    return dropped(tcb, "tcp_syn_in_window")


def challenge(tcb, now):
    """An ACK that asks whether that was really the peer; few, so that it tells a stranger nothing (RFC 5961
    7)."""
    if now - tcb.challenged_at >= _CHALLENGE_INTERVAL:
        tcb.challenged_at = now
        acknowledge(tcb, now)


def dropped(tcb, reason):
    """Counted, and False: it goes no further."""
    tcb.tcp.stats.drop(reason)
    return False
