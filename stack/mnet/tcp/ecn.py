# ecn.py - routers mark instead of dropping: explicit congestion notification, RFC 3168.
#
# A segment that says more than the template does goes the long way (output.transmit_elsewhere), which
# tcb.mac = b"" asks for.
from micropython import const

from ..wire.ethernet import IPV4
from .congestion import OPEN

OFF = const(0)  # Tcp.ecn
ACCEPT = const(1)  # when the peer asks for it
REQUEST = const(2)
ECE = const(64)  # flags of the TCP header
CWR = const(128)
ECT = const(2)  # ECT(0) of the IP header
_SETUP = const(192)


class Ecn:
    """What a connection that has agreed on it remembers."""

    def __init__(self):
        self.marked = False  # the segment in hand
        self.echo = 0  # ECE, from a mark until the peer's CWR
        self.cwr = 0  # CWR, until new text carries it
        self.high = 0  # place in the send ring: what was sent before the last reaction lies below


def of_syn(tcb, flags):
    """6.1.1: the peer asks for it with its SYN, and has ours if we may."""
    if flags & _SETUP == _SETUP and tcb.tcp.ecn:
        tcb.ecn = Ecn()


def of_syn_ack(tcb, flags):
    """6.1.1: it agrees with ECE alone; both flags are our own, sent back. 6.1.1.1: a SYN sent again does not
    ask."""
    if flags & _SETUP == ECE and asks(tcb):
        tcb.ecn = Ecn()


def asks(tcb):
    """The flags of our SYN."""
    return 0 if tcb.retries or tcb.tcp.ecn < REQUEST else _SETUP


def arrived(tcb, flags, n, now):
    """An acceptable segment with n bytes: 6.1.3 of the receiver, 6.1.2 of the sender, who reacts once in a
    window."""
    ecn = tcb.ecn
    if flags & CWR:
        ecn.echo = 0
    if ecn.marked and n:
        ecn.echo = ECE
        tcb.mac = b""
    if flags & ECE and tcb.tx.tail > ecn.high:
        ecn.high = tcb.tx.tail + (tcb.snd_max - tcb.snd_una & 0xFFFFFFFF)
        ecn.cwr = CWR
        tcb.mac = b""
        tcb.tcp.stats.tcp_marked += 1
        if tcb.recovery == OPEN:
            tcb.ssthresh = max(tcb.cc.threshold(tcb, tcb.cwnd), 2 * tcb.snd_mss)
            tcb.cwnd = min(tcb.cwnd, tcb.ssthresh)


def flags_of(tcb, n, again):
    """What the segment says. Routers may mark text that is sent for the first time, nothing else: 6.1.4 to
    6.1.6 (of segments without text the primitive tcp_header takes care)."""
    ecn = tcb.ecn
    if again:
        tcb.template[15] &= 0xFC if tcb.ip.ethertype == IPV4 else 0xCF
    return ecn.echo | ecn.cwr if n and not again else ecn.echo


def sent(tcb, flags, again):
    """The segment has left with these flags. Does the next one need another template?"""
    if flags & CWR:
        tcb.ecn.cwr = 0
    if again or tcb.ecn.cwr or tcb.ecn.echo or tcb.snd_nxt != tcb.snd_max:
        tcb.mac = b""
