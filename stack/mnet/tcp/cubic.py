# cubic.py - congestion control: CUBIC, RFC 9438, in integers. Windows are bytes, times milliseconds.
#
#   W_cubic(t) = C * (t - K)**3 + W_max      C = 0.4, beta = 0.7
#
# Not with every ACK: an eighth of a round trip ahead it is decided how many bytes must be acknowledged for
# cwnd to grow by a segment.
from micropython import const

_LONGEST = const(60000)  # beyond this the curve is steeper than any window can follow
_MS = const(1000)
_NEVER = const(1 << 62)


class Curve:
    """What a connection remembers after its first loss."""

    def __init__(self):
        self.w_max = 0
        self.prior = 0  # cwnd at the last loss
        self.k = 0
        self.start = -1  # of this congestion avoidance, in ms; -1: it has not begun
        self.w_est = 0  # what Reno would have reached
        self.acked = 0  # since w_est was last brought up to date
        self.step = _NEVER  # bytes acknowledged for each segment of growth
        self.credit = 0
        self.next = 0  # when to look at the curve again, in microseconds


def acked(tcb, n, flight, now):
    """n new bytes were acknowledged, outside recovery, out of `flight`."""
    cwnd = tcb.cwnd
    if flight << 1 < cwnd:  # the window does not limit us: it has not been tested (RFC 7661 1.1)
        return
    if cwnd < tcb.ssthresh:
        tcb.cwnd = cwnd + n
        return
    curve = _curve(tcb)
    if curve is None:
        return
    curve.acked += n
    if now >= curve.next:
        _look(tcb, curve, now)
    curve.credit += n
    if curve.credit >= curve.step:
        curve.credit = 0
        tcb.cwnd += tcb.snd_mss


def threshold(tcb, flight):
    """4.6, with the fast convergence of 4.7: a window that did not come back to W_max has to share."""
    curve = _curve(tcb)
    if curve is None:
        return flight * 7 // 10
    cwnd = curve.prior = tcb.cwnd
    curve.w_max = cwnd * 17 // 20 if cwnd < curve.w_max else cwnd
    curve.start = -1
    curve.next = 0
    return flight * 7 // 10


def timed_out(tcb):
    """4.8: W_max is then what slow start ends with."""
    if tcb.curve is not None:
        tcb.curve.w_max = 0


def _curve(tcb):
    """The connection's, None while there is no memory for one."""
    if tcb.curve is None:
        try:
            tcb.curve = Curve()
        except MemoryError:
            pass
    return tcb.curve


def target(curve, mss, t):
    """W_cubic(t), 4.2."""
    d = t - curve.k
    if d > _LONGEST:
        d = _LONGEST
    return curve.w_max + 4 * mss * d * d * d // 10000000000


def _look(tcb, curve, now):
    """How cwnd shall grow until a little later: 4.3, 4.4, 4.5."""
    mss, cwnd = tcb.snd_mss, tcb.cwnd
    rtt = tcb.srtt >> 3
    if curve.start < 0:
        _begin(curve, mss, cwnd, now // _MS)
    elif now - curve.next > tcb.rto:  # 4.2, 5.8: what passed with nothing to send, or little, does not count
        curve.start += (now - curve.next) // _MS
    # Reno-friendly: alpha is 3 * (1 - beta) / (1 + beta) = 9/17 until cwnd is what it was
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
    """Congestion avoidance begins: K is when the curve is back at W_max (4.2)."""
    curve.start = now
    curve.w_est = cwnd
    curve.acked = curve.credit = 0
    if curve.w_max <= cwnd:
        curve.w_max = cwnd
        curve.k = 0
    else:
        curve.k = cube_root((curve.w_max - cwnd) * 2500000000 // mss)


def cube_root(n):
    """The largest whole number whose cube is at most n, which is not 0; Newton's way from above."""
    x = 1
    while x * x * x <= n:
        x <<= 1
    while True:
        y = (2 * x + n // (x * x)) // 3
        if y >= x:
            return x
        x = y
