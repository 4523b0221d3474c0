"""packetimpact's scenarios of TCP without user calls: which segments are acceptable, and the replies to
others."""

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK

NEAR, FAR = 1, 1 << 30


def test_acceptable_ack_in_syn_received(stack: Stack) -> None:
    """tcp_acceptable_ack_syn_rcvd: only an ACK of our SYN establishes (RFC 9293 3.10.7.4)."""
    for wrong in (0, 1, -1, FAR, -FAR):
        _, port = stack.listen()
        connection = stack.connection(port)
        connection.send("S")
        connection.seq += 1
        connection.accept_syn(connection.expect("SA", ack=connection.seq))
        if wrong:
            connection.send("A", ack=(connection.ack + wrong) & SEQ_MASK)
            (reply,) = connection.replies()
            assert reply.flags == "R" and reply.seq == (connection.ack + wrong) & SEQ_MASK
        connection.send("A")
        assert connection.replies() == []
        connection.send("PA", b"text")
        connection.expect("A", ack=connection.seq + 4)


def test_a_reset_in_syn_received(stack: Stack) -> None:
    """tcp_synrcvd_reset: back to LISTEN, and the ACK that arrives afterwards matches no connection."""
    _, port = stack.listen()
    connection = stack.connection(port)
    connection.send("S")
    connection.seq += 1
    connection.accept_syn(connection.expect("SA"))
    connection.send("R")
    assert connection.replies() == []
    connection.send("A")
    (reply,) = connection.replies()
    assert reply.flags == "R" and reply.seq == connection.ack


def test_paws(stack: Stack) -> None:
    """tcp_paws_mechanism: data with an old timestamp is dropped and acknowledged (RFC 7323 5.3)."""
    connection, _ = stack.established(options=[("Timestamp", (1_000_000, 0))])
    connection.options = [("Timestamp", (1_000_100, 0))]
    connection.send("PA", b"first")
    connection.seq += 5
    connection.expect("A", ack=connection.seq)
    connection.send("PA", b"old", options=[("Timestamp", (999_000, 0))])
    (reply,) = connection.replies()
    assert (reply.flags, reply.ack) == ("A", connection.seq)


def test_segments_without_the_agreed_timestamp(stack: Stack) -> None:
    """Not one of packetimpact's: a peer that has timestamps in its SYN and none later opens a connection, and
    its data is accepted."""
    listener, port = stack.listen()
    connection = stack.connection(port, options=[("Timestamp", (1_000_000, 0))])
    connection.send("S")
    connection.seq += 1
    connection.accept_syn(connection.expect("SA", ack=connection.seq))
    connection.options = []
    connection.send("A")
    sock = stack.agent.do("accept", socket=listener)["socket"]
    connection.send("PA", b"text")
    connection.seq += 4
    assert stack.agent.recv(sock) == b"text"
    reply = connection.expect("A", ack=connection.seq)
    assert dict(reply.options)["Timestamp"][1] == 1_000_000


def test_a_reset_in_syn_sent(stack: Stack) -> None:
    """tcp_synsent_reset: one that acknowledges the SYN refuses, another one is dropped."""
    connection, _, waiting = stack.connecting()
    connection.send("RA", seq=0, ack=(connection.ack + 1) & SEQ_MASK)
    assert all(reply.flags == "S" for reply in connection.replies())  # retransmissions, if that took long
    connection.send("RA", seq=0)
    with pytest.raises(ConnectionRefusedError):
        stack.agent.end(waiting)


def test_a_reset_after_simultaneous_open(stack: Stack) -> None:
    """tcp_synsent_reset: SYN-SENT, SYN-RECEIVED by a SYN of ours, then reset."""
    connection, _, waiting = stack.connecting()
    connection.send("S")
    connection.seq += 1
    connection.expect("SA", ack=connection.seq)
    connection.send("RA")
    # RFC 9293 3.10.7.4: refused; Linux no longer distinguishes an active open
    with pytest.raises(ConnectionRefusedError if stack.name == "guest" else ConnectionResetError):
        stack.agent.end(waiting)
