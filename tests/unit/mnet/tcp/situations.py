# situations.py - connections in each of the states of RFC 9293 3.3.2, over IPv4 or IPv6.
from mnet.tcp.states import NAMES, SYN_RCVD
from unit.mnet.builders import Host
from unit.mnet.frames import OURS6, PEER6
from unit.mnet.six import Six

SYNCHRONIZED = ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT")


def in_state(name, text=b"", six=False, rcv_buf=65536, **what):
    """Return a Peer (made with `what`) whose connection is in this state. It has sent no data. Our data, if
    there is any, is in flight where the state allows it, as is the FIN of a state that waits for its
    acknowledgement."""
    host = Six() if six else Host()
    if six:
        what.update(address=PEER6, local=OURS6)
    peer = host.peer(**what)
    if name == "SYN-SENT" or name == "SYN-RECEIVED-active":
        _open(peer, rcv_buf)
        if name == "SYN-RECEIVED-active":
            assert peer.send("S") == ["S. 0:0(0) ack 1"]
    elif name != "CLOSED":
        listener = host.listen(peer.lport, rcv_buf=rcv_buf, address=None if six else 0)
        if name in SYNCHRONIZED:
            peer.connect(listener)
            _close_until(peer, name, text)
        elif name != "LISTEN":
            peer.send("S")
            peer.tcb = half_open(host, peer)
    state = state_of(peer)
    assert name.startswith(state), (state, name)
    return peer


def opening(**what):
    """Return (host, peer, Tcb) of a connection in SYN-SENT."""
    peer = in_state("SYN-SENT", **what)
    return peer.host, peer, peer.tcb


def _open(peer, rcv_buf):
    """Send our SYN."""
    host = peer.host
    peer.tcb = host.connect(peer.address, peer.rport, 0, 65536, rcv_buf, host.now)
    peer.lport = peer.tcb.lport
    assert host.take() == ["S 0:0(0)"]


def _close_until(peer, name, text):
    fin = len(text) + 1
    if name in ("CLOSE-WAIT", "LAST-ACK"):
        assert peer.send("F.") == [". 1:1(0) ack 2"]
    if text:
        assert peer.write(text) == ["P. 1:%d(%d) ack %d" % (fin, len(text), peer.seq)]
    if name in ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "TIME-WAIT", "LAST-ACK"):
        assert len(peer.shutdown()) == 1 and peer.last.flags == "F."
    if name in ("FIN-WAIT-2", "TIME-WAIT"):
        assert peer.send(".") == []
    if name in ("CLOSING", "TIME-WAIT"):
        assert peer.send("F.", ack=1 if name == "CLOSING" else fin + 1) == [
            ". %d:%d(0) ack 2" % (fin + 1, fin + 1)
        ]


def half_open(host, peer):
    """Return the Tcb of a connection in SYN-RECEIVED."""
    tcb = _connection(host, peer)
    assert tcb is not None and tcb.state == SYN_RCVD, "no half open connection"
    return tcb


def state_of(peer):
    """Return the name of the state that the peer's segments meet: of a connection, a listener, or none."""
    tcb = _connection(peer.host, peer)
    if tcb is not None:
        return NAMES[tcb.state]
    return "LISTEN" if peer.host.tcp.listener(peer.lport, peer.local) else "CLOSED"


def _connection(host, peer):
    for tcb in host.tcp.ports.get(peer.lport, {}).values():
        if (tcb.remote, tcb.rport, tcb.local) == (peer.address, peer.rport, peer.local):
            return tcb
    return None
