# handshake.py - opening a connection: RFC 9293 3.5, 3.10.7.2 (LISTEN), 3.10.7.3 (SYN-SENT), options of RFC
# 7323.
from micropython import const

from ..errors import ECONNREFUSED
from ..limits import TCP_MSS_MIN
from ..seq import M32, add, between, lt
from ..wire import tcp as wire
from . import close, congestion, control, ecn, path, rtt, user
from .output import acknowledge, output, start_retransmission_timer
from .states import ESTABLISHED, SYN_RCVD, SYN_SENT
from .template import largest_frame

_DEFAULT_MSS = const(536)  # RFC 9293 3.7.1, MUST-15; with IPv6
_DEFAULT_MSS6 = const(1220)
_IPV6_HEADER = const(40)
_TIMESTAMPS = const(12)  # bytes of the option in each segment
_MAX_WSCALE = const(14)  # RFC 7323 2.3
_BEYOND = const(65536)  # larger than any window its peer may still use
_RTO_AFTER_LOST_SYN = const(3000000)  # RFC 6298 5.7


def open_active(tcb, now):
    """Send a SYN (3.10.1)."""
    tcb.state = SYN_SENT
    _init_send_state(tcb, tcb.tcp.initial_sequence(tcb, now), now)
    send_syn(tcb, now)


def open_passive(tcb, seg, options, now):
    """Answer a SYN for a listener (3.10.7.2, third)."""
    tcb.state = SYN_RCVD
    _init_send_state(tcb, tcb.tcp.initial_sequence(tcb, now), now)
    _synchronize(tcb, seg.seq, options, now)
    ecn.syn_received(tcb, seg.flags)
    send_syn(tcb, now)


def send_cookie_syn_ack(tcb, iss, irs, options, tsval, now):
    """Send a stateless SYN-ACK whose TCB is then discarded (cookies.py)."""
    restore(tcb, iss, irs, options, now)
    control.send_syn(tcb, wire.SYN | wire.ACK, tsval, now)


def restore(tcb, iss, irs, options, now):
    """Set up a connection in SYN-RECEIVED whose SYN-ACK is not timed: it was sent by cookies.py."""
    tcb.state = SYN_RCVD
    _init_send_state(tcb, iss, now)
    _synchronize(tcb, irs, options, now)
    tcb.timed_seq = -1


def _init_send_state(tcb, iss, now):
    """Choose the ISS, the window scale and the MSS of our SYN."""
    tcp = tcb.tcp
    if tcb.snd_max and lt(iss, tcb.snd_max):  # continue after the previous connection, in TIME-WAIT (MAY-2)
        iss = add(tcb.snd_max, _BEYOND)
    tcb.iss = tcb.snd_una = tcb.recover = iss
    tcb.snd_nxt = tcb.snd_max = (iss + 1) & M32
    tcb.timed_seq, tcb.timed_at = tcb.snd_nxt, now
    tcb.rcv_mss = tcb.ip.mtu - tcb.ip.header - wire.HEADER
    largest = tcp.largest_window() if tcb.tune_at == 0 else tcb.rx.size
    scale = 0
    while largest > 0xFFFF and scale < _MAX_WSCALE:
        largest >>= 1
        scale += 1
    tcb.rcv_wscale = scale


def send_syn(tcb, now):
    """Send the SYN of SYN-SENT, or the SYN-ACK of SYN-RECEIVED with the options that the peer's SYN has."""
    if not tcb.rto_at:
        start_retransmission_timer(tcb, now)
    if tcb.state == SYN_RCVD:
        flags = wire.SYN | wire.ACK
        if tcb.ecn is not None:
            flags |= ecn.ECE
    else:
        flags = wire.SYN
        if tcb.tcp.ecn == ecn.REQUEST and not tcb.retries:  # RFC 3168 6.1.1.1: once
            flags |= ecn.SETUP
    control.send_syn(tcb, flags, now >> 10 & M32, now)


def retransmit_syn(tcb, now):
    """Retransmit the SYN or SYN-ACK. Its ACK is ambiguous, so take no RTT sample (Karn, RFC 6298 section
    3)."""
    tcb.timed_seq = -1
    send_syn(tcb, now)


def in_syn_sent(tcb, seg, options, now):
    """Process a segment in SYN-SENT in the order of 3.10.7.3: ACK, RST, SYN."""
    flags = seg.flags
    if flags & wire.ACK and not between(seg.ack, add(tcb.iss, 1), tcb.snd_max):
        if not flags & wire.RST:
            control.reset(tcb, seg.ack, now)
        return tcb.tcp.stats.drop("tcp_bad_handshake_ack")
    if flags & wire.RST:
        if flags & wire.ACK:
            close.finished(tcb, ECONNREFUSED)
        return tcb.tcp.stats.drop("tcp_rst")
    if not flags & wire.SYN:
        return tcb.tcp.stats.drop("tcp_no_syn")
    _synchronize(tcb, seg.seq, options, now)
    if not flags & wire.ACK:  # simultaneous open
        tcb.state = SYN_RCVD
        ecn.syn_received(tcb, flags)
        return retransmit_syn(tcb, now)
    ecn.syn_ack_received(tcb, flags)
    _established(tcb, seg, now)
    acknowledge(tcb, now)
    output(tcb, now)
    tcb.predict()


def completed(tcb, seg, options, now):
    """Process an ACK in SYN-RECEIVED (3.10.7.4, fifth). Returns False if it is unacceptable, which is
    answered with a RST, or if the accept queue is full: the SYN-ACK is retransmitted until there is room."""
    listener = tcb.listener
    if not between(seg.ack, tcb.snd_nxt, tcb.snd_max):
        if listener is None or not tcb.tcp.completed_by_cookie(tcb, seg, options, now):
            control.reset(tcb, seg.ack, now)
            tcb.tcp.stats.drop("tcp_bad_handshake_ack")
        return False
    if listener is not None and listener.accept_queue_full():
        tcb.tcp.stats.drop("tcp_backlog_full")
        return False
    if listener is not None:
        listener.completed(tcb)  # first: it needs memory
    _established(tcb, seg, now)
    if listener is not None:
        listener.notify()
    return True


def _synchronize(tcb, irs, options, now):
    """Take the peer's IRS, MSS, window scale, SACK-permitted and timestamps from its SYN."""
    tcb.irs = irs
    tcb.rcv_nxt = tcb.rcv_acked = add(irs, 1)
    tcb.ts_recent_at = now
    tcb.rcv_adv = add(tcb.rcv_nxt, min(tcb.rcv_wnd, 0xFFFF))  # RFC 7323 2.2: not scaled
    mss = options.mss or (_DEFAULT_MSS6 if tcb.ip.header == _IPV6_HEADER else _DEFAULT_MSS)
    tcb.mss_agreed = max(TCP_MSS_MIN, min(mss, tcb.ip.mtu - tcb.ip.header - wire.HEADER))
    tcb.snd_mss = min(tcb.mss_agreed, tcb.ip.mss(tcb.remote, now))
    tcb.scale_on = options.window_scale is not None
    if tcb.scale_on:
        tcb.snd_wscale = min(options.window_scale, _MAX_WSCALE)
    else:
        tcb.rcv_wscale = 0
    tcb.sack_on = options.sack_permitted
    tcb.ts_on = options.tsval is not None
    if tcb.ts_on:
        tcb.ts_recent = options.tsval


def _established(tcb, seg, now):
    """Enter ESTABLISHED (RFC 9293 3.5): settle MSS and windows, take the RTT sample, start congestion
    control."""
    tcb.state = ESTABLISHED
    if tcb.ts_on:
        tcb.snd_mss -= _TIMESTAMPS
        tcb.mss_agreed -= _TIMESTAMPS
        tcb.rcv_mss -= _TIMESTAMPS
    tcb.gso = largest_frame(tcb)
    path.established(tcb, now)
    if tcb.sack_on:
        tcb.mark_at = 0
    if tcb.timed_seq >= 0:
        rtt.sample(tcb, now - tcb.timed_at)
        tcb.timed_seq = -1
    user.apply_settings(tcb, tcb.settings, now)
    congestion.start(tcb)
    if tcb.retries:
        tcb.rto = tcb.pto = _RTO_AFTER_LOST_SYN
    tcb.snd_una = add(tcb.iss, 1)
    tcb.rto_at = tcb.retries = tcb.stuck_at = 0
    tcb.error = 0  # an ICMP error during the handshake is no error of this connection
    # RFC 7323 2.2: the window of a SYN is not scaled
    tcb.snd_wnd = seg.wnd if seg.flags & wire.SYN else seg.wnd << tcb.snd_wscale
    tcb.max_snd_wnd = tcb.snd_wnd
    tcb.snd_wl1 = seg.seq
    tcb.sent_at = now
    tcb.tcp.stats.tcp_opened += 1
    if tcb.on_writable is not None:
        tcb.on_writable()
