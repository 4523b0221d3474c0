# handshake.py - opening: RFC 9293 3.5, 3.10.7.2 (LISTEN), 3.10.7.3 (SYN-SENT), options of RFC 7323.
from micropython import const

from ..errors import ECONNREFUSED
from ..limits import TCP_MSS_MIN
from ..seq import M32, add, between, lt
from ..wire import tcp as wire
from . import close, congestion, control, ecn, path, rtt, tuning, user
from .output import acknowledge, output, retry_later
from .states import ESTABLISHED, SYN_RCVD, SYN_SENT

_DEFAULT_MSS = const(536)  # RFC 9293 3.7.1, MUST-15; with IPv6
_DEFAULT_MSS6 = const(1220)
_IPV6_HEADER = const(40)
_TIMESTAMPS = const(12)  # what the option takes from each segment
_MAX_WSCALE = const(14)  # RFC 7323 2.3
_BEYOND = const(65536)  # its peer may still offer a window
_RTO_AFTER_LOST_SYN = const(3000000)  # RFC 6298 5.7


def open_active(tcb, now):
    """Begin with a SYN (3.10.1)."""
    tcb.state = SYN_SENT
    _choose(tcb, tcb.tcp.initial_sequence(tcb, now), now)
    send_syn(tcb, now)


def open_passive(tcb, seg, options, now):
    """A SYN has come for a listener: answer it (3.10.7.2, third)."""
    tcb.state = SYN_RCVD
    _choose(tcb, tcb.tcp.initial_sequence(tcb, now), now)
    _synchronize(tcb, seg.seq, options, now)
    ecn.of_syn(tcb, seg.flags)
    send_syn(tcb, now)


def answer_once(tcb, iss, irs, options, tsval, now):
    """The SYN-ACK of a connection that is forgotten at once (cookies.py)."""
    remember(tcb, iss, irs, options, now)
    scale = tcb.rcv_wscale if tcb.scale_on else None
    tsval = tsval if tcb.ts_on else None
    control.send_syn(tcb, wire.SYN | wire.ACK, _syn_window(tcb), scale, tsval, now)


def remember(tcb, iss, irs, options, now):
    """A connection in SYN-RECEIVED whose SYN-ACK needs no answer any more, or gets none."""
    tcb.state = SYN_RCVD
    _choose(tcb, iss, now)
    _synchronize(tcb, irs, options, now)
    tcb.timed_seq = -1


def _choose(tcb, iss, now):
    """Our side of the bargain."""
    tcp = tcb.tcp
    if tcb.snd_max and lt(iss, tcb.snd_max):  # of the connection before this one, in TIME-WAIT (MAY-2)
        iss = add(tcb.snd_max, _BEYOND)
    tcb.iss = tcb.snd_una = tcb.recover = iss
    tcb.snd_nxt = tcb.snd_max = add(tcb.iss, 1)
    tcb.timed_seq, tcb.timed_at = tcb.snd_nxt, now
    tcb.rcv_mss = tcb.ip.mtu - tcb.ip.header - wire.HEADER
    largest = tuning.largest(tcp) if tcb.tune_at == 0 else tcb.rx.size
    while largest >> tcb.rcv_wscale > 0xFFFF and tcb.rcv_wscale < _MAX_WSCALE:
        tcb.rcv_wscale += 1


def send_syn(tcb, now):
    """The SYN of SYN-SENT, or the SYN-ACK of SYN-RECEIVED with the options that the peer has offered too."""
    if not tcb.rto_at:
        retry_later(tcb, now)
    scale = tcb.rcv_wscale if tcb.scale_on else None
    tsval = now >> 10 & M32 if tcb.ts_on else None
    if tcb.state == SYN_RCVD:
        flags = wire.SYN | wire.ACK
        if tcb.ecn is not None:
            flags |= ecn.ECE
    else:
        flags = wire.SYN | ecn.asks(tcb)
    control.send_syn(tcb, flags, _syn_window(tcb), scale, tsval, now)


def send_syn_again(tcb, now):
    """Nobody will know which of them an ACK is for: the round trip is not measured (Karn, RFC 6298
    section 3)."""
    tcb.timed_seq = -1
    send_syn(tcb, now)


def _syn_window(tcb):
    """The window of a SYN is not scaled (RFC 7323 2.2)."""
    return min(tcb.rcv_free, 0xFFFF)


def in_syn_sent(tcb, seg, options, now):
    """3.10.7.3, in its order: ACK, RST, SYN."""
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
        ecn.of_syn(tcb, flags)
        return send_syn_again(tcb, now)
    ecn.of_syn_ack(tcb, flags)
    _established(tcb, seg, now)
    acknowledge(tcb, now)
    output(tcb, now)
    tcb.predict()


def completed(tcb, seg, options, now):
    """An ACK in SYN-RECEIVED (3.10.7.4, fifth). False if it acknowledges something else, which is answered
    with a RST, or if the accept queue is full: the SYN-ACK is retransmitted until there is room."""
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
        listener.tell()
    return True


def _synchronize(tcb, irs, options, now):
    """Learn the peer's side: its sequence number, how large its segments may be, how its windows are
    scaled."""
    tcb.irs = irs
    tcb.rcv_nxt = tcb.rcv_acked = add(irs, 1)
    tcb.ts_recent_at = now
    tcb.rcv_adv = add(tcb.rcv_nxt, _syn_window(tcb))
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
    """Both sides know each other (RFC 9293 3.5)."""
    tcb.state = ESTABLISHED
    if tcb.ts_on:
        tcb.snd_mss -= _TIMESTAMPS
        tcb.mss_agreed -= _TIMESTAMPS
        tcb.rcv_mss -= _TIMESTAMPS
    tcb.gso = tcb.tcp.largest_frame(tcb)
    path.established(tcb, now)
    if tcb.sack_on:
        tcb.mark_at = 0
    if tcb.timed_seq >= 0:
        rtt.sample(tcb, now - tcb.timed_at)
        tcb.timed_seq = -1
    user.choose(tcb, tcb.settings, now)
    congestion.start(tcb)
    if tcb.retries:
        tcb.rto = tcb.patience = _RTO_AFTER_LOST_SYN
    tcb.snd_una = add(tcb.iss, 1)
    tcb.rto_at = tcb.retries = tcb.stuck_at = 0
    tcb.error = 0  # what was said of the path before is no error of this connection
    # RFC 7323 2.2: the window of a SYN is not scaled
    tcb.snd_wnd = seg.wnd if seg.flags & wire.SYN else seg.wnd << tcb.snd_wscale
    tcb.max_snd_wnd = tcb.snd_wnd
    tcb.snd_wl1 = seg.seq
    tcb.sent_at = now
    tcb.tcp.stats.tcp_opened += 1
    if tcb.on_writable is not None:
        tcb.on_writable()
