"""packetimpact's scenarios of many connections being opened, with and without SYN cookies."""

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, Connection

BACKLOG = 4
FLOOD = 64
WRONG = 1 << 20


def half_open(stack: Stack, port: int, count: int) -> list[Connection]:
    """Open so many connections to SYN-RECEIVED, or answered with cookies; their SYNs arrive at once."""
    connections = [stack.connection(port) for _ in range(count)]
    for connection in connections:
        connection.send("S")
        connection.seq += 1
    for connection in connections:
        connection.accept_syn(connection.expect("SA", ack=connection.seq))
    return connections


def acceptable(stack: Stack, listener: int) -> bool:
    """Whether accept() would not wait, once all earlier segments were processed."""
    stack.link.settle()
    return "in" in stack.agent.do("poll", socket=listener)["events"]


@pytest.mark.parametrize("flags", ["A", "PA", "FA", "SA", "RA", "R"])
def test_what_completes_a_handshake(stack: Stack, flags: str) -> None:
    """tcp_syncookie: the same for a connection in the SYN queue and for one with a cookie."""
    listener, port = stack.listen(backlog=1)
    before = stack.cookies()
    remembered, *_, forgotten = half_open(stack, port, 3 if stack.name == "linux" else 2)  # it counts from 0
    assert stack.cookies() == before + 1
    for connection in (forgotten, remembered):
        assert not acceptable(stack, listener)
        connection.send(flags)
        assert acceptable(stack, listener) == (flags in ("A", "PA", "FA"))
        if flags in ("A", "PA", "FA"):
            accepted = stack.agent.do("accept", socket=listener)
            assert accepted["address"] == [stack.link.address, connection.local]


def test_a_flood(stack: Stack) -> None:
    """tcp_syncookie: every SYN is answered, and clients that complete the handshake are accepted, as far as
    there is room."""
    listener, port = stack.listen(backlog=BACKLOG)
    before = stack.cookies()
    connections = half_open(stack, port, FLOOD)
    assert FLOOD - 2 * BACKLOG <= stack.cookies() - before < FLOOD
    last = connections[-1]
    guess = (last.ack + WRONG) & SEQ_MASK
    last.send("A", ack=guess)
    # the guest drops ACKs that may belong to a handshake that it began
    assert [reply.seq for reply in last.replies()] == ([guess] if stack.name == "linux" else [])
    for connection in connections[-BACKLOG:]:
        connection.send("A")
    for connection in connections[-BACKLOG:]:
        accepted = stack.agent.do("accept", socket=listener)
        assert accepted["address"] == [stack.link.address, connection.local]
        connection.send("PA", b"text")
        assert stack.agent.recv(accepted["socket"]) == b"text"


def test_a_flood_of_those_who_come_back(stack: Stack) -> None:
    """tcp_syncookie, tcp_listen_backlog: while the accept queue is full, further ACKs and SYNs are
    dropped; their retransmissions succeed."""
    listener, port = stack.listen(backlog=BACKLOG)
    connections = half_open(stack, port, FLOOD)
    for connection in reversed(connections):
        connection.send("A")
    assert connections[FLOOD // 2].replies() == []  # SYN-ACKs of the SYN queue may be retransmitted by now
    late = stack.connection(port)
    late.send("S")
    assert late.replies() == []
    accepted = []
    while acceptable(stack, listener):
        accepted.append(stack.agent.do("accept", socket=listener)["address"][1])
    assert BACKLOG <= len(accepted) <= BACKLOG + 1  # Linux counts from 0
    assert accepted == [connection.local for connection in connections[: -len(accepted) - 1 : -1]]
    waiting = connections[BACKLOG * 2]
    waiting.send("PA", b"text")
    sock = stack.agent.do("accept", socket=listener)["socket"]
    assert stack.agent.recv(sock) == b"text"


def test_handshake_while_the_accept_queue_is_full(stack: Stack) -> None:
    """tcp_listen_backlog: its ACK is ignored, the SYN-ACK is retransmitted, and then there is room."""
    listener, port = stack.listen(backlog=1)
    early, *others = half_open(stack, port, 3)
    for connection in others:
        connection.send("A")
    # one more is ready there: Linux counts from 0
    early.send("A")
    early.expect("SA", ack=early.seq)
    for _ in others if stack.name == "linux" else others[:1]:
        stack.agent.do("accept", socket=listener)
    early.send("A")
    assert stack.agent.do("accept", socket=listener)["address"] == [stack.link.address, early.local]
