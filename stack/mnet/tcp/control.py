# control.py - segments without data outside the established path: SYN, SYN-ACK, SACK, and the RST for a
# segment of no connection (RFC 9293 3.5.2, 3.10.7.1).
from ..seq import M32
from ..wire import ipv4
from ..wire import tcp as wire


def send_syn(tcb, flags, tsval, now):
    """Send a SYN or SYN-ACK with its options. The MSS follows from the interface's MTU (RFC 9293 3.7.1); the
    window of a SYN is not scaled (RFC 7323 2.2)."""
    ip = tcb.ip
    mss = ip.mtu - ip.header - wire.HEADER
    scale = tcb.rcv_wscale if tcb.scale_on else None
    if not tcb.ts_on:
        tsval = None
    at = ip.payload + wire.HEADER
    options = wire.write_options(tcb.tcp.buf, at, mss, scale, tcb.sack_on, tsval, tcb.ts_recent)
    ack = tcb.rcv_nxt if flags & wire.ACK else 0
    window = tcb.rcv_wnd if tcb.rcv_wnd < 0xFFFF else 0xFFFF
    _send_from(tcb, tcb.iss, ack, flags, window, wire.HEADER + options, now)


def send_sack(tcb, seq, window, tsval, blocks, now):
    """Send an ACK with SACK blocks (RFC 2018)."""
    buf = tcb.tcp.buf
    at = tcb.ip.payload + wire.HEADER
    size = wire.write_timestamps(buf, at, tsval, tcb.ts_recent)
    size += wire.write_sack(buf, at + size, blocks)
    flags = wire.ACK if tcb.ecn is None else wire.ACK | tcb.ecn.echo
    _send_from(tcb, seq, tcb.rcv_nxt, flags, window, wire.HEADER + size, now)


def reset(tcb, seq, now):
    """Send <SEQ=SEG.ACK><CTL=RST>: the segment belongs to no connection of ours."""
    _send_from(tcb, seq, 0, wire.RST, 0, wire.HEADER, now)


def abort(tcb, now):
    """Send <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>: abort the connection (3.10.5)."""
    flags = wire.RST | wire.ACK
    seq = tcb.snd_una if tcb.probing else tcb.snd_max  # as in output.acknowledge()
    tsval = now >> 10 & M32 if tcb.ts_on else None  # RFC 7323 3.2 (SHOULD)
    size = wire.write_timestamps(tcb.tcp.buf, tcb.ip.payload + wire.HEADER, tsval, tcb.ts_recent)
    _send_from(tcb, seq, tcb.rcv_nxt, flags, 0, wire.HEADER + size, now)


def refuse(tcp, packet, seg, now):
    """Answer a segment for no connection and no listener with a RST, unless it is a RST itself (3.10.7.1)."""
    if seg.flags & wire.RST:
        return
    if seg.flags & wire.ACK:
        return _answer(tcp, packet, seg, seg.ack, 0, wire.RST, now)
    length = seg.len + (1 if seg.flags & wire.SYN else 0) + (1 if seg.flags & wire.FIN else 0)
    ack = (seg.seq + length) & M32
    _answer(tcp, packet, seg, 0, ack, wire.RST | wire.ACK, now)


def _answer(tcp, packet, seg, seq, ack, flags, now):
    ip = packet.ip
    pseudo = ip.pseudo(packet.dst, packet.src, ipv4.TCP)
    at = ip.payload
    wire.write(tcp.buf, at, seg.dport, seg.sport, seq, ack, flags, 0, wire.HEADER, wire.HEADER, pseudo)
    tcp.stats.count("TcpOutRsts")
    ip.output(packet.dst, packet.src, ipv4.TCP, wire.HEADER, now)


def _send_from(tcb, seq, ack, flags, window, header, now):
    ip = tcb.ip
    route = tcb.tcp.route(tcb, now)
    if route is None:
        return ip.no_route()
    pseudo = ip.pseudo(tcb.local, tcb.remote, ipv4.TCP)
    buf = tcb.tcp.buf
    wire.write(buf, ip.payload, tcb.lport, tcb.rport, seq, ack, flags, window, header, header, pseudo)
    if flags & wire.RST:
        tcb.tcp.stats.count("TcpOutRsts")
    settings = tcb.settings
    route.send(ipv4.TCP, header, now, settings.ttl, settings.tos)
