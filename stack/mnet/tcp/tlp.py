# tlp.py - tail loss probes: RFC 8985 section 7.
from ..seq import lt, sub
from .output import transmit_range


def may_send(tcb):
    """Whether the expired timer is the tail loss probe's (8985 7.2)."""
    sender = tcb.sender
    return (
        sender is not None
        and tcb.pto < tcb.rto
        and sender.tlp_end_seq < 0
        and not (tcb.recovery or tcb.outside_pipe or tcb.probing or tcb.retries)
        and 0 < sub(tcb.snd_max, tcb.snd_una) <= tcb.snd_wnd
    )


def send_probe(tcb, now):
    """Send a tail loss probe (8985 7.3): a new segment if there is data and window for it, else retransmit
    the last one. Its ACK reveals lost data. The ACK of a single segment may be delayed: set the RTO
    instead."""
    tcb.tcp.stats.count("TcpExtTCPLossProbes")
    sender = tcb.sender
    tx = tcb.tx
    mss = tcb.snd_mss
    flight = sub(tcb.snd_max, tcb.snd_una)
    sender.tlp_end_seq = tcb.snd_max
    sender.tlp_is_retrans = False
    sender.recover_fs = flight
    at = tcb.rto_at = now + (tcb.rto if flight > mss else tcb.rto - tcb.pto)
    tcb.tcp.deadlines.arm(tcb, at)
    tcb.predicted = -1
    if flight > mss:
        top = tx.tail + flight
        n = min(mss, tx.head - top, tcb.snd_wnd - flight)
        if n <= 0:
            n = min(mss, flight)
            top -= n
            sender.tlp_is_retrans = True
        transmit_range(tcb, top, n, now)
        if not sender.tlp_is_retrans:
            sender.tlp_end_seq = tcb.snd_max


def repaired(tcb, sender):
    """Whether the tail loss probe has repaired a loss (8985 7.4.2). While exactly the data before
    TLP.end_seq is acknowledged, the peer may still send a D-SACK for the probe."""
    una = tcb.snd_una
    if lt(una, sender.tlp_end_seq) or (
        una == sender.tlp_end_seq and sender.tlp_is_retrans and not tcb.recovery
    ):
        return False
    sender.tlp_end_seq = -1
    return sender.tlp_is_retrans


def duplicate_ack_without_sack(tcb):
    """Process a duplicate ACK without SACK blocks: it may report a duplicate tail loss probe (8985 7.4.2,
    case 2)."""
    if tcb.sender.tlp_end_seq == tcb.snd_una:
        tcb.sender.tlp_end_seq = -1
