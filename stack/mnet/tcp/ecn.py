# ecn.py - explicit congestion notification: RFC 3168.
#
# A segment whose flags differ from the template's takes the slow path (output.transmit_new_header), which
# tcb.invalidate_header() forces.
from micropython import const

from ..wire.ethernet import IPV4
from . import congestion

OFF = const(0)  # Tcp.ecn
ACCEPT = const(1)  # when the peer requests it
REQUEST = const(2)
ECE = const(64)  # TCP header flags
CWR = const(128)
ECT = const(2)  # ECT(0) in the IP header
SETUP = const(192)  # both: the request in a SYN


class Ecn:
    """The ECN state of a connection that has negotiated it."""

    def __init__(self):
        self.marked = False  # CE mark of the segment being processed
        self.echo = 0  # ECE, from a mark until the peer's CWR
        self.cwr = 0  # CWR, until new data carries it
        self.high = 0  # position in the send ring: data below it was sent before the last reduction


def syn_received(tcb, flags):
    """Accept ECN if the peer's SYN requests it (6.1.1)."""
    if flags & SETUP == SETUP and tcb.tcp.ecn:
        tcb.ecn = Ecn()


def syn_ack_received(tcb, flags):
    """Enable ECN if the SYN-ACK has ECE alone; both flags are a reflection of ours (6.1.1). A
    retransmitted SYN does not request ECN (6.1.1.1)."""
    if flags & SETUP == ECE and tcb.tcp.ecn == REQUEST and not tcb.retries:
        tcb.ecn = Ecn()


def arrived(tcb, flags, n, now):
    """Process ECE, CWR and CE of an acceptable segment with n bytes: the receiver of 6.1.3, and the sender
    of 6.1.2, which reduces cwnd once per window."""
    ecn = tcb.ecn
    if flags & CWR:
        ecn.echo = 0
    if ecn.marked and n:
        ecn.echo = ECE
        tcb.invalidate_header()
    if flags & ECE and tcb.tx.tail > ecn.high:
        ecn.high = tcb.tx.tail + (tcb.snd_max - tcb.snd_una & 0xFFFFFFFF)
        ecn.cwr = CWR
        tcb.invalidate_header()
        tcb.tcp.stats.tcp_marked += 1
        congestion.marked(tcb)


def segment_flags(tcb, n, again):
    """Return the ECN flags of a segment, and clear ECT for a retransmission: only new data is ECN-capable
    (6.1.4 to 6.1.6; for segments without data the primitive tcp_header clears it)."""
    ecn = tcb.ecn
    if again:
        tcb.template[15] &= 0xFC if tcb.ip.ethertype == IPV4 else 0xCF
    return ecn.echo | ecn.cwr if n and not again else ecn.echo


def next_without_ect(tcb):
    """Have the next segment sent without ECT: a retransmission is not ECN-capable (RFC 3168 6.1.5)."""
    if tcb.ecn is not None:
        tcb.invalidate_header()


def sent(tcb, flags, again):
    """Update the state after a segment was sent with `flags`; force a new template if the next segment
    needs one."""
    if flags & CWR:
        tcb.ecn.cwr = 0
    if again or tcb.ecn.cwr or tcb.ecn.echo or tcb.snd_nxt != tcb.snd_max:
        tcb.invalidate_header()
