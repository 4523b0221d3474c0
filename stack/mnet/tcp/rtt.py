# rtt.py - RTT estimation and the retransmission timeout (RTO): RFC 6298.
from micropython import const

# RFC 6298 2.4 says 1 s SHOULD; 200 ms is what Linux and others do (docs/deviations.md)
RTO_MIN = const(200000)
RTO_MAX = const(60000000)  # 2.5
PTO_MIN = const(10000)  # less is below the resolution of clocks and schedulers


def sample(tcb, rtt):
    """Take an RTT sample (2.2 and 2.3, alpha = 1/8, beta = 1/4). srtt is kept in eighths, rttvar in
    quarters."""
    if rtt < 1:
        rtt = 1
    if rtt < tcb.min_rtt:
        tcb.min_rtt = rtt
    srtt = tcb.srtt
    if srtt:
        error = rtt - (srtt >> 3)
        tcb.srtt = srtt + error
        tcb.rttvar += (error if error >= 0 else -error) - (tcb.rttvar >> 2)
    else:
        tcb.srtt = rtt << 3
        tcb.rttvar = rtt << 1
    reset(tcb)


def reset(tcb):
    """Set the RTO from the estimate (2.3), if there is one, and the PTO of tail loss probes."""
    if tcb.srtt:
        rto = (tcb.srtt >> 3) + tcb.rttvar
        rto = tcb.rto = tcb.pto = RTO_MIN if rto < RTO_MIN else RTO_MAX if rto > RTO_MAX else rto
        probe = tcb.srtt >> 2
        if tcb.sender is not None and probe < rto:  # RFC 8985 7.2: two round trips
            tcb.pto = PTO_MIN if probe < PTO_MIN else probe


def back_off(tcb):
    """Double the RTO after a timeout (5.5)."""
    rto = tcb.rto << 1
    tcb.rto = tcb.pto = RTO_MAX if rto > RTO_MAX else rto
