# listen.py - segments for a listener, and the connections that they open: RFC 9293 3.10.7.2. The queues are
# in listener.py, SYN cookies in cookies.py.
from ..seq import HALF, M32, lt
from ..wire import tcp as wire
from . import close, control, cookies, handshake
from .output import start_retransmission_timer
from .tcb import Tcb


def arrives(listener, packet, seg, options, now):
    """Process a segment in LISTEN (3.10.7.2): first RST, second ACK, third SYN, fourth anything else."""
    tcp, flags = listener.tcp, seg.flags
    if flags & wire.RST:
        return tcp.stats.drop("tcp_rst")
    if flags & wire.ACK:
        return _handshake_ack(listener, packet, seg, options, now)
    if not flags & wire.SYN:
        return tcp.stats.drop("tcp_no_syn")
    route = tcp.route_back(packet, now)
    if route is None:
        return tcp.stats.drop("tcp_no_route")
    if listener.accept_queue_full():  # the peer retransmits its SYN
        return tcp.stats.drop("tcp_backlog_full")
    # room is made only for a peer that has proved its address
    if listener.syn_queue_full() or tcp.full():
        return cookies.answer(tcp, listener, route, seg, options, now)
    _open(listener, route, seg, options, 0, now)


def _handshake_ack(listener, packet, seg, options, now):
    """Process an ACK for no connection: it may return a SYN cookie. While cookies are valid, any other
    ACK is dropped without a RST: it may belong to a handshake that has a SYN-ACK in flight, and the
    peer retransmits."""
    tcp = listener.tcp
    if seg.flags & wire.SYN:
        tcp.stats.drop("tcp_no_connection")
        return control.refuse(tcp, packet, seg, now)
    tcb = cookies.returned(listener, packet.ip, packet.dst, packet.src, seg, options, now)
    if tcb is not None:
        tcp.stats.count("TcpExtSyncookiesRecv")
        if admit(listener, tcb, now):
            tcp.arrives(tcb, packet, seg, now)
        return None
    tcp.stats.drop("tcp_no_connection")
    if now >= listener.cookies_until:
        control.refuse(tcp, packet, seg, now)
    return None


def admit(listener, tcb, now):
    """Add a connection whose peer has returned a cookie; abort others if there is no room. Its SYN-ACK
    is retransmitted while the accept queue is full."""
    tcp = listener.tcp
    if listener.accept_queue_full() and listener.overflows():
        return tcp.stats.drop("tcp_backlog_full")
    if tcp.full() and not tcp.reclaimer.make_room(now):
        return tcp.stats.drop("tcp_memory" if tcp.memory.exhausted() else "tcp_table_full")
    tcp.add(tcb)
    tcp.stats.count("TcpPassiveOpens")
    try:
        listener.syn_queue.append(tcb)
        tcb.listener = listener
        start_retransmission_timer(tcb, now)
    except MemoryError:
        close.finished(tcb, 0)
        raise
    return True


def _open(listener, route, seg, options, beyond, now):
    """Add a connection in SYN-RECEIVED. If `beyond` is not 0 the ISS is above it."""
    tcp = listener.tcp
    tcb = Tcb(tcp, route, listener.port, seg.sport, listener.settings)
    tcb.snd_max = beyond
    tcp.add(tcb)
    tcp.stats.count("TcpPassiveOpens")
    try:
        listener.syn_queue.append(tcb)
        tcb.listener = listener
        handshake.open_passive(tcb, seg, options, now)
    except MemoryError:
        close.finished(tcb, 0)
        raise


def reopened(tcb, seg, options, now):
    """Accept a new SYN for a connection in TIME-WAIT if it is newer (RFC 9293 3.6.1, RFC 6191). It
    replaces the old connection, so that it needs no room in the SYN queue, as on Linux."""
    tcp = tcb.tcp
    listener = tcp.listener(tcb.lport, tcb.local, tcb.key, tcb.ip.interface)
    if (
        listener is None
        or seg.flags & (wire.SYN | wire.ACK | wire.RST) != wire.SYN
        or not _newer(tcb, seg, options)
    ):
        return False
    if listener.accept_queue_full() or listener.overflows():
        tcp.stats.drop("tcp_backlog_full")
        return True
    route = tcp.route(tcb, now)
    if route is None:
        tcp.stats.drop("tcp_no_route")
    else:
        close.finished(tcb, 0)
        _open(listener, route, seg, options, tcb.snd_max, now)
    return True


def _newer(tcb, seg, options):
    """Whether a SYN is newer than a connection in TIME-WAIT (RFC 6191 section 2): by its timestamp, or if
    that is equal or missing by its sequence number."""
    if options.tsval is not None:
        age = (options.tsval - tcb.ts_recent) & M32
        if not tcb.ts_on or age:
            return not tcb.ts_on or age < HALF
    return not lt(seg.seq, tcb.rcv_nxt)
