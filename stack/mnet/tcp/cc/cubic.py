# cubic.py - congestion control: CUBIC, RFC 9438, in integers. Windows are bytes, times milliseconds.
#
#   W_cubic(t) = C * (t - K)**3 + W_max      C = 0.4, beta = 0.7
#
# The window is not computed for every ACK: an eighth of a round trip ahead it is decided how many
# acknowledged bytes grow cwnd by one segment.
from micropython import const

_MAX_DELTA = const(60000)  # ms; beyond this the curve is steeper than any window can follow
_MS = const(1000)
_NEVER = const(1 << 62)


class Curve:
    """The CUBIC state of a connection after its first loss."""

    def __init__(self):
        self.w_max = 0
        self.prior = 0  # cwnd at the last loss
        self.k = 0
        self.start = -1  # of the current congestion avoidance, in ms; -1: not begun
        self.w_est = 0  # W_est: the window of Reno
        self.acked = 0  # bytes acknowledged since the last update of w_est
        self.step = _NEVER  # bytes acknowledged for each segment of growth
        self.credit = 0
        self.next = 0  # when to update again, in microseconds


def start(tcb):
    """Do nothing: CUBIC begins in slow start."""


def sent(tcb, now):
    """Do nothing: CUBIC sends what cwnd allows."""


def acknowledged(tcb, n, flight, rtt, now):
    """Grow cwnd for n newly acknowledged bytes outside of recovery, out of `flight`."""
    cwnd = tcb.cwnd
    if flight << 1 < cwnd:  # not limited by cwnd: do not grow it (RFC 7661 1.1)
        return
    if cwnd < tcb.ssthresh:
        tcb.cwnd = cwnd + n
        return
    curve = _curve(tcb)
    if curve is None:
        return
    curve.acked += n
    if now >= curve.next:
        _update(tcb, curve, now)
    curve.credit += n
    if curve.credit >= curve.step:
        curve.credit = 0
        tcb.cwnd += tcb.snd_mss


def lost(tcb, flight):
    """Return ssthresh after a loss (4.6), with fast convergence (4.7): a window that did not return to
    W_max gives up bandwidth."""
    curve = _curve(tcb)
    if curve is None:
        return flight * 7 // 10
    cwnd = curve.prior = tcb.cwnd
    curve.w_max = cwnd * 17 // 20 if cwnd < curve.w_max else cwnd
    curve.start = -1
    curve.next = 0
    return flight * 7 // 10


marked = lost  # RFC 3168 6.1.2


def timed_out(tcb):
    """Forget W_max after a timeout (4.8): it becomes the window at the end of slow start."""
    if tcb.cc_state is not None:
        tcb.cc_state.w_max = 0


def _curve(tcb):
    """Return the connection's Curve; None while there is no memory for one."""
    if tcb.cc_state is None:
        try:
            tcb.cc_state = Curve()
        except MemoryError:
            pass
    return tcb.cc_state


def target(curve, mss, t):
    """Return W_cubic(t) in bytes (4.2)."""
    d = t - curve.k
    if d > _MAX_DELTA:
        d = _MAX_DELTA
    return curve.w_max + 4 * mss * d * d * d // 10000000000


def _update(tcb, curve, now):
    """Decide the growth of cwnd until the next update: 4.3, 4.4, 4.5."""
    mss, cwnd = tcb.snd_mss, tcb.cwnd
    rtt = tcb.srtt >> 3
    if curve.start < 0:
        _begin(curve, mss, cwnd, now // _MS)
    elif now - curve.next > tcb.rto:  # 4.2, 5.8: time in which the application limited sending does not count
        curve.start += (now - curve.next) // _MS
    # Reno-friendly: alpha is 3 * (1 - beta) / (1 + beta) = 9/17 until cwnd is back at its old value
    growth = mss * curve.acked // cwnd
    curve.w_est += growth if curve.w_est >= curve.prior else growth * 9 // 17
    curve.acked = 0
    t = now // _MS - curve.start
    if target(curve, mss, t) < curve.w_est:
        if cwnd < curve.w_est:
            tcb.cwnd = curve.w_est
        curve.step = _NEVER
    else:
        more = min(target(curve, mss, t + rtt // _MS), cwnd + (cwnd >> 1)) - cwnd
        curve.step = cwnd * mss // more if more > 0 else 100 * cwnd
    curve.next = now + (rtt >> 3)


def _begin(curve, mss, cwnd, now):
    """Begin congestion avoidance: K is the time until the curve is back at W_max (4.2)."""
    curve.start = now
    curve.w_est = cwnd
    curve.acked = curve.credit = 0
    if curve.w_max <= cwnd:
        curve.w_max = cwnd
        curve.k = 0
    else:
        curve.k = cube_root((curve.w_max - cwnd) * 2500000000 // mss)


def cube_root(n):
    """Return the integer cube root of n > 0, by Newton's method from above."""
    x = 1
    while x * x * x <= n:
        x <<= 1
    while True:
        y = (2 * x + n // (x * x)) // 3
        if y >= x:
            return x
        x = y
