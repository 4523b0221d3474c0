# control.py - segments without text outside the established path: SYN, and RST for what fits nowhere (RFC
# 9293 3.5.2, 3.10.7.1).
from ..seq import M32
from ..wire import ipv4
from ..wire import tcp as wire

_AT = ipv4.PAYLOAD


def send_syn(tcb, flags, window, window_scale, tsval, tsecr, now):
    """A SYN or SYN-ACK with its options; our MSS follows from the interface's MTU (RFC 9293 3.7.1)."""
    tcp = tcb.tcp
    header = wire.HEADER + wire.write_options(
        tcp.buf, _AT + wire.HEADER, tcp.ip.link.mtu - 40, window_scale, tsval, tsecr
    )
    ack = tcb.rcv_nxt if flags & wire.ACK else 0
    _send(tcp, tcb.remote, tcb.lport, tcb.rport, tcb.iss, ack, flags, window, header, now)


def reset(tcb, seq, now):
    """<SEQ=SEG.ACK><CTL=RST>: the connection at the other end is not ours."""
    _send(tcb.tcp, tcb.remote, tcb.lport, tcb.rport, seq, 0, wire.RST, 0, wire.HEADER, now)


def abort(tcb, now):
    """<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>: we give the connection up (3.10.5)."""
    flags = wire.RST | wire.ACK
    seq = tcb.snd_una if tcb.probing else tcb.snd_max  # as in output.acknowledge()
    _send(tcb.tcp, tcb.remote, tcb.lport, tcb.rport, seq, tcb.rcv_nxt, flags, 0, wire.HEADER, now)


def refuse(tcp, remote, seg, now):
    """A segment for no connection and no listener (3.10.7.1): reset its sender, unless it is a reset
    itself."""
    if seg.flags & wire.RST:
        return
    if seg.flags & wire.ACK:
        return _send(tcp, remote, seg.dport, seg.sport, seg.ack, 0, wire.RST, 0, wire.HEADER, now)
    length = seg.len + (1 if seg.flags & wire.SYN else 0) + (1 if seg.flags & wire.FIN else 0)
    ack = (seg.seq + length) & M32
    _send(tcp, remote, seg.dport, seg.sport, 0, ack, wire.RST | wire.ACK, 0, wire.HEADER, now)


def _send(tcp, remote, lport, rport, seq, ack, flags, window, header, now):
    pseudo = ipv4.pseudo(tcp.ip.address, remote, ipv4.TCP)
    wire.write(tcp.buf, _AT, lport, rport, seq, ack, flags, window, header, header, pseudo)
    tcp.ip.output(remote, ipv4.TCP, header, now)
