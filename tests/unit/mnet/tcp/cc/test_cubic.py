# CUBIC against the formulas of RFC 9438, in floating point.
from mnet.tcp import congestion
from mnet.tcp.cc import cubic, reno

MSS = 1448
C, BETA = 0.4, 0.7


class Connection:
    """The attributes of a Tcb that congestion control uses."""

    def __init__(self, cc=cubic, cwnd=10 * MSS, rtt=100000):
        self.cc = cc
        self.snd_mss = MSS
        self.cwnd = cwnd
        self.ssthresh = 1 << 30
        self.srtt = rtt << 3
        self.rto = max(rtt, 200000)
        self.cc_state = None
        self.snd_una = self.snd_max = 0
        self.retries = 0
        self.recovery = congestion.OPEN
        self.pipe_prev = 0
        self.now = 1000000000

    def lose(self):
        self.snd_max = self.cwnd
        congestion.lost(self, self.snd_max)
        self.cwnd = self.ssthresh
        self.snd_max = 0

    def run(self, seconds, watch=None):
        """Acknowledge every window in pairs of segments, spread over its round trip."""
        end = self.now + int(seconds * 1000000)
        rtt = self.srtt >> 3
        while self.now < end:
            pairs = max(1, self.cwnd // (2 * MSS))
            for _ in range(pairs):
                self.now += rtt // pairs
                self.cc.acknowledged(self, 2 * MSS, self.cwnd, 0, self.now)
            if watch:
                watch(self)


def test_cube_roots():
    for n in (1, 7, 8, 26, 27, 28, 999999999, 10**9, 10**13 + 12345, 2**60):
        x = cubic.cube_root(n)
        assert x**3 <= n < (x + 1) ** 3


def test_slow_start_is_that_of_reno():
    for cc in (cubic, reno):
        tcb = Connection(cc)
        cc.acknowledged(tcb, 2 * MSS, 10 * MSS, 0, tcb.now)
        assert tcb.cwnd == 12 * MSS
        cc.acknowledged(tcb, 2 * MSS, 5 * MSS, 0, tcb.now)
        assert tcb.cwnd == 12 * MSS  # the window is not the limit


def test_loss_reduces_the_window_by_three_tenths():  # 4.6, RFC9438-2
    tcb = Connection(cwnd=1000 * MSS)
    tcb.lose()
    assert tcb.cwnd == tcb.ssthresh == 700 * MSS and tcb.cc_state.w_max == 1000 * MSS
    tcb = Connection(cwnd=2 * MSS)
    tcb.lose()
    assert tcb.ssthresh == 2 * MSS


def test_the_window_follows_the_curve():  # 4.2, RFC9438-1
    tcb = Connection(cwnd=1000 * MSS)
    tcb.lose()
    start, first = tcb.now, tcb.cwnd / MSS
    k = ((1000 - first) / C) ** (1 / 3)
    seen = []

    def watch(tcb):
        t = (tcb.now - start) / 1e6
        expected = C * (t - k) ** 3 + 1000
        seen.append((t, tcb.cwnd / MSS, expected))
        if tcb.cwnd > tcb.cc_state.w_est + MSS:  # outside the Reno-friendly region
            assert abs(tcb.cwnd / MSS - expected) < 0.03 * expected, (t, tcb.cwnd / MSS, expected)

    tcb.run(2 * k, watch)
    assert len([1 for t, got, want in seen if abs(got - want) < 0.03 * want]) > 0.9 * len(seen)
    at_k = min(seen, key=lambda each: abs(each[0] - k))
    assert abs(at_k[1] - 1000) < 15  # concave up to W_max, then convex
    assert abs(k * 1000 - tcb.cc_state.k) < 2


def test_reno_friendly_region():  # 4.3, RFC9438-3
    tcb = Connection(cwnd=20 * MSS, rtt=10000)
    tcb.lose()
    start, first = tcb.now, tcb.cwnd
    tcb.run(0.1)
    rounds = (tcb.now - start) / 10000
    alpha = 3 * (1 - BETA) / (1 + BETA)
    assert abs((tcb.cwnd - first) / MSS - alpha * rounds) < 2
    assert tcb.cwnd / MSS > C * ((tcb.now - start) / 1e6 - 2.5) ** 3 + 20


def test_fast_convergence():  # 4.7, RFC9438-4
    tcb = Connection(cwnd=1000 * MSS)
    tcb.lose()
    tcb.cwnd = 800 * MSS
    tcb.lose()
    assert abs(tcb.cc_state.w_max - 800 * MSS * (1 + BETA) / 2) < MSS


def test_reno_friendly_growth_reaches_a_full_segment_at_the_prior_window():  # 4.3: W_est >= cwnd_prior
    tcb = Connection(cwnd=20 * MSS, rtt=10000)
    tcb.lose()
    tcb.lose()  # fast convergence: W_max is below what cwnd was
    assert tcb.cc_state.w_max < tcb.cc_state.prior == 14 * MSS
    first = tcb.cwnd
    tcb.run(0.08)
    assert abs((tcb.cwnd - first) / MSS - 8 * 9 / 17) < 1


def test_w_max_after_a_timeout_is_the_end_of_slow_start():  # 4.8
    tcb = Connection(cwnd=1000 * MSS)
    tcb.snd_max = tcb.cwnd
    tcb.retries = 1
    congestion.timed_out(tcb)
    tcb.snd_max = 0
    assert tcb.cwnd == MSS and tcb.ssthresh == 700 * MSS
    tcb.retries = 2
    congestion.timed_out(tcb)
    assert tcb.ssthresh == 700 * MSS
    tcb.cwnd = 700 * MSS
    tcb.run(0.2)
    assert tcb.cc_state.k == 0 and 700 * MSS <= tcb.cc_state.w_max <= 703 * MSS
    tcb.run(3)
    assert abs(tcb.cwnd / MSS - (C * 3.2**3 + 700)) < 25


def test_growth_per_round_trip_is_bounded_by_half():  # 4.4
    tcb = Connection(cwnd=100 * MSS, rtt=1000000)
    tcb.lose()
    tcb.run(60)
    tcb.cc_state.start -= 3600 * 1000
    before = tcb.cwnd
    tcb.run(1)
    assert before < tcb.cwnd <= before * 1.52


def test_idle_time_and_time_without_use_of_the_window_do_not_count():  # 4.2, 5.8, RFC9438-5
    windows = []
    for pause in ("none", "idle", "little use"):
        tcb = Connection(cwnd=1000 * MSS)
        tcb.lose()
        tcb.run(4)
        if pause != "none":
            tcb.now += 60 * 1000000
        if pause == "little use":
            for _ in range(60):
                tcb.now += 1000000
                tcb.cc.acknowledged(tcb, 2 * MSS, 10 * MSS, 0, tcb.now)
        tcb.run(4)
        windows.append(tcb.cwnd // MSS)
    assert max(windows) - min(windows) <= 2, windows


def test_reno():
    tcb = Connection(reno, cwnd=100 * MSS)
    tcb.lose()
    assert tcb.cwnd == 50 * MSS
    tcb.run(1)
    assert abs(tcb.cwnd / MSS - 60) < 1.5  # RFC 5681 3.1: a segment in a round trip
