# path.py - ICMP errors (RFC 1122 4.2.3.9, RFC 5461, RFC 5927), path MTU (RFC 1191, RFC 8201), and black hole
# detection (RFC 2923 2.1, RFC 8899).
from micropython import const

from ..limits import PATH_LIFE
from ..seq import M32
from . import close, loss
from .congestion import FAST, LOSS
from .states import CLOSED, ESTABLISHED, SYN_RCVD, SYN_SENT, TIME_WAIT
from .template import largest_frame

_HEADER4 = const(20)
_TCP_HEADER = const(20)
_LONGEST_HEADER = const(60)
_TIMESTAMPS = const(12)
_SUSPICIOUS = const(3)  # timeouts in a row, RFC 8899 5.1.2 (MAX_PROBES)
_BASE_MTU = const(1200)  # RFC 8899 5.1.2 (BASE_PLPMTU)
_MIN_MTU = const(552)
_MIN_MTU6 = const(1280)  # RFC 8200 section 5


def transport_error(tcb, seq, error, now):
    """Process an ICMP error that quotes a segment of this connection with number `seq`. Returns False if
    the segment cannot be in flight (RFC 5927 4.1), or cannot have been larger than the reported MTU."""
    if (seq - tcb.snd_una) & M32 >= (tcb.snd_max - tcb.snd_una) & M32:
        return False
    if error.mtu >= tcb.ip.header + _LONGEST_HEADER + ((tcb.snd_max - seq) & M32):
        return False
    if error.mtu:
        _too_big(tcb, _mss(tcb, error.mtu), now)
    elif error.hard and tcb.state in (SYN_SENT, SYN_RCVD):
        close.finished(tcb, error.errno)
    else:  # soft error, RFC 5461 4.1, RFC 5927 5.2: reported if the connection times out
        tcb.error = error.errno
    return True


def established(tcb, now):
    """Arm the timer that raises the MSS again, if the known path MTU is below the negotiated MSS."""
    if tcb.snd_mss < tcb.mss_agreed:
        _shrink(tcb, tcb.snd_mss, now)


def suspect(tcb, now):
    """Suspect a path MTU black hole after several timeouts: reduce the MSS in two steps."""
    if tcb.retries < _SUSPICIOUS or tcb.state < ESTABLISHED:
        return
    if tcb.ip.header > _HEADER4:
        mss = _mss(tcb, _MIN_MTU6)
    else:
        mss = _mss(tcb, _BASE_MTU if tcb.retries < _SUSPICIOUS + 2 else _MIN_MTU)
    if mss < tcb.snd_mss and mss < (tcb.snd_max - tcb.snd_una) & M32:
        _shrink(tcb, mss, now)
        tcb.tcp.stats.tcp_black_holes += 1


def try_larger(tcb):
    """Try the negotiated MSS again (RFC 1191 6.3, RFC 8899 5.2, PMTU_RAISE_TIMER)."""
    tcb.mss_at = 0
    mss = tcb.snd_mss = tcb.mss_agreed
    tcb.gso = largest_frame(tcb)
    tcb.cwnd = max(tcb.cwnd, mss)
    tcb.ssthresh = max(tcb.ssthresh, 2 * mss)


def _mss(tcb, mtu):
    return mtu - tcb.ip.header - _TCP_HEADER - (_TIMESTAMPS if tcb.ts_on else 0)


def _too_big(tcb, mss, now):
    if mss >= tcb.snd_mss or tcb.state < ESTABLISHED or tcb.state in (CLOSED, TIME_WAIT):
        return
    _shrink(tcb, mss, now)
    if not tcb.probing:
        _retransmit_all(tcb, now)


def _shrink(tcb, mss, now):
    tcb.snd_mss = mss
    tcb.gso = largest_frame(tcb)
    tcb.mss_at = now + PATH_LIFE
    tcb.tcp.deadlines.arm(tcb, tcb.mss_at)


def _retransmit_all(tcb, now):
    """Retransmit all data in flight in segments of the new size (RFC 1191 6.4). That is no congestion."""
    if tcb.recovery == FAST:
        tcb.cwnd = tcb.ssthresh
    loss.mark_all_lost(tcb, now)
    tcb.recovery = LOSS
    tcb.recover = tcb.snd_max
    loss.send_pending(tcb, now)
