# acceptability.py - acceptable segments, and challenge ACKs for others: the first, second and fourth steps of
# RFC 9293 3.10.7.4, hardened by RFC 5961 and 7323.
from micropython import const

from . import close, handshake, report
from .output import acknowledge
from .states import ESTABLISHED, SYN_RCVD

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
OLD = const(2)  # returned by step1_sequence()
_FIN = const(1)
_SYN = const(2)
_RST = const(4)
_ACK = const(16)
_CHALLENGE_INTERVAL = const(500000)
_PAWS_IDLE = const(2073600000000)  # RFC 7323 5.5: after 24 idle days TS.Recent is invalid


def step1_sequence(tcb, seg, options, now):
    """Check the segment against the receive window and PAWS (RFC 7323 5.3). OLD: not acceptable, but its
    ACK may count."""
    if tcb.ts_on:
        if options.tsval is None:
            if not seg.flags & _RST:  # accepted without PAWS, as on Linux (docs/deviations.md)
                tcb.tcp.stats.tcp_no_timestamp += 1
        elif (options.tsval - tcb.ts_recent) & M32 >= _HALF and now - tcb.ts_recent_at < _PAWS_IDLE:
            if not seg.flags & _RST:
                _ack_unacceptable(tcb, seg, now)
                return dropped(tcb, "tcp_paws")
    if _acceptable(tcb, seg):
        first = tcb.ts_on and (tcb.rcv_acked - seg.seq) & M32 < _HALF
        if first and options.tsval is not None and not seg.flags & _RST:
            tcb.ts_recent = options.tsval  # RFC 7323 4.3 (2)
            tcb.ts_recent_at = now
        return True
    if tcb.state == SYN_RCVD and seg.flags & (_SYN | _RST | _ACK) == _SYN and seg.seq == tcb.irs:
        handshake.retransmit_syn(tcb, now)  # the SYN-ACK was lost
    elif not seg.flags & _RST:
        if seg.flags & _FIN and (seg.seq + seg.len + 1) & M32 == tcb.rcv_nxt:
            close.restart_time_wait(tcb, now)
        report.old_data(tcb, seg)
        _ack_unacceptable(tcb, seg, now)
    dropped(tcb, "tcp_outside_window")
    return OLD if _acks_new_data_after_rto(tcb, seg) else False


def _acks_new_data_after_rto(tcb, seg):
    """Whether the ACK of an unacceptable segment counts all the same. After a retransmission timeout it
    does if it acknowledges new data: otherwise two peers that have lost only ACKs would reject each
    other's retransmissions until both give up."""
    return (
        tcb.retries
        and tcb.state >= ESTABLISHED
        and seg.flags & (_SYN | _RST | _ACK) == _ACK
        and (tcb.rcv_nxt - seg.seq) & M32 <= tcb.rx.size + 1  # with the FIN
        and 0 < (seg.ack - tcb.snd_una) & M32 <= (tcb.snd_max - tcb.snd_una) & M32
    )


def _ack_unacceptable(tcb, seg, now):
    """Acknowledge an unacceptable segment. Limit the ACKs for empty segments, so that two desynchronized
    peers cannot loop."""
    if seg.len or seg.flags & (_SYN | _FIN):
        acknowledge(tcb, now)
    else:
        challenge(tcb, now)


def _acceptable(tcb, seg):
    """Test the segment against the receive window (RFC 9293 3.10.7.4, table 6). Even with a zero window a
    segment that starts at RCV.NXT is acceptable: its ACK and RST count."""
    start = (seg.seq - tcb.rcv_nxt) & M32
    if start == 0:
        return True
    length = seg.len + (1 if seg.flags & _SYN else 0) + (1 if seg.flags & _FIN else 0)
    window = tcb.rcv_wnd
    return start < window or (length > 0 and (start + length - 1) & M32 < window)


def step2_reset(tcb, seg, now):
    """Accept a RST only at RCV.NXT; answer any other in the window with a challenge ACK (RFC 5961 3.2)."""
    if not seg.flags & _RST:
        return True
    if seg.seq == tcb.rcv_nxt:
        close.reset_by_peer(tcb)
    else:
        challenge(tcb, now)
    return dropped(tcb, "tcp_rst")


def step4_syn(tcb, seg, now):
    """Answer a SYN in a synchronized state with a challenge ACK (RFC 5961 4.2). A peer that has restarted
    responds with a RST."""
    if not seg.flags & _SYN:
        return True
    challenge(tcb, now)
    return dropped(tcb, "tcp_syn_in_window")


def challenge(tcb, now):
    """Send a challenge ACK, rate-limited so that it gives an off-path attacker no side channel (RFC 5961
    7)."""
    if now - tcb.challenged_at >= _CHALLENGE_INTERVAL:
        tcb.challenged_at = now
        acknowledge(tcb, now)


def dropped(tcb, reason):
    """Count a drop. Returns False: processing of the segment ends."""
    tcb.tcp.stats.drop(reason)
    return False
