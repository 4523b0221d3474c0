"""Simultaneous open and simultaneous close; not one of packetimpact's scenarios."""

import pytest
from packetimpact.conftest import Stack


@pytest.mark.parametrize("six", [False, True], ids=["ipv4", "ipv6"])
def test_both_open_and_both_close_at_once(stack: Stack, six: bool) -> None:
    """MUST-10; RFC 9293 3.5, figure 7, and 3.6, figure 13; in between data is sent both ways."""
    connection, sock, waiting = stack.connecting(six)
    connection.send("S")
    connection.seq += 1
    connection.expect("SA", seq=connection.ack - 1, ack=connection.seq)
    connection.send("A")
    stack.agent.end(waiting)

    stack.agent.send(sock, b"from there")
    assert bytes(connection.expect("A", seq=connection.ack).payload) == b"from there"
    connection.ack += len(b"from there")
    connection.send("A", b"from here")
    connection.seq += len(b"from here")
    assert stack.agent.recv(sock) == b"from here"

    stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
    connection.expect("FA", seq=connection.ack)
    connection.send("FA")  # it was sent before the other arrived
    connection.expect("A", ack=connection.seq + 1)
    connection.ack += 1
    connection.send("A", seq=connection.seq + 1)
    assert connection.replies() == []
    assert stack.agent.recv(sock) == b""
    connection.send("FA")  # as if our last ACK, or its own, was lost: TIME-WAIT replies
    connection.expect("A", seq=connection.ack, ack=connection.seq + 1)
