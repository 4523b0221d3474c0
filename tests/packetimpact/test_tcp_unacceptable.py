"""packetimpact's scenarios of unacceptable segments: one ACK replies to each, and they have no other effect
(RFC 9293 3.10.7.4, RFC 5961)."""

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, Connection

FAR = 1 << 30
STATES = ["ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-2", "CLOSING", "TIME-WAIT"]


def in_state(stack: Stack, state: str) -> tuple[Connection, int]:
    """Return a connection in that state, and the window that it advertises. `seq` and `ack` are the next
    numbers."""
    connection, sock = stack.established()
    if state in ("FIN-WAIT-2", "CLOSING", "TIME-WAIT"):
        stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
        last = connection.expect("FA", seq=connection.ack)
        if state != "CLOSING":
            connection.ack += 1
            connection.send("A")
    if state != "FIN-WAIT-2":
        connection.send(*(("PA", b"x") if state == "ESTABLISHED" else ("FA", b"")))
        connection.seq += 1
        last = connection.expect("A", ack=connection.seq)
    return connection, last.window


def answers(connection: Connection) -> list[tuple[str, int, int]]:
    """Return the replies; our FIN is retransmitted in CLOSING, and is none."""
    return [(str(each.flags), each.seq, each.ack) for each in connection.replies() if not each.flags.F]


def expected(connection: Connection, state: str) -> list[tuple[str, int, int]]:
    """Send an ACK of the current state. In CLOSING it follows our FIN, which we have not acknowledged."""
    return [("A", (connection.ack + (state == "CLOSING")) & SEQ_MASK, connection.seq)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("flags", ["S", "SA", "A", "FA", "PA"])
@pytest.mark.parametrize("where", ["left", "right", "edge"])
def test_outside_the_window(stack: Stack, state: str, flags: str, where: str) -> None:
    """tcp_outside_the_window, tcp_unacc_seq_ack: far away on both sides, and just behind the edge."""
    connection, window = in_state(stack, state)
    distance = {"left": -FAR, "right": FAR, "edge": window + 1}[where]
    text = b"text" if flags == "PA" else b""
    connection.send(flags, text, seq=(connection.seq + distance) & SEQ_MASK)
    if (state, flags) == ("TIME-WAIT", "S") and where != "left":  # a new connection (RFC 9293 3.6.1, MAY-2)
        assert [reply.flags for reply in connection.replies()] == ["SA"]
    else:
        assert answers(connection) == expected(connection, state)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("distance", [1, FAR, -FAR])
def test_an_acknowledgement_of_something_else(stack: Stack, state: str, distance: int) -> None:
    """tcp_unacc_seq_ack: of data never sent, or of data long acknowledged."""
    connection, _ = in_state(stack, state)
    beyond = distance + (state == "CLOSING")
    connection.send("PA", b"text", ack=(connection.ack + beyond) & SEQ_MASK)
    found = answers(connection)
    # header prediction may have accepted it
    if (stack.name, state, distance) == ("linux", "ESTABLISHED", -FAR):
        assert [flags for flags, *_ in found] == ["A"]
    else:
        assert found == expected(connection, state)


def test_what_was_not_acceptable_was_not_taken(stack: Stack) -> None:
    """tcp_unacc_seq_ack: the data of the acceptable segment is delivered."""
    connection, sock = stack.established()
    connection.send("PA", b"not this", ack=(connection.ack + FAR) & SEQ_MASK)
    connection.send("PA", b"but this")
    connection.expect("A", ack=connection.seq + 8)
    assert stack.agent.recv(sock) == b"but this"


def test_a_reset_outside_the_window(stack: Stack) -> None:
    """tcp_outside_the_window: it is silently dropped; the connection continues."""
    connection, _ = stack.established()
    for distance in (-FAR, FAR):
        connection.send("R", seq=(connection.seq + distance) & SEQ_MASK)
    assert connection.replies() == []
    connection.send("PA", b"text")
    connection.expect("A", ack=connection.seq + 4)
