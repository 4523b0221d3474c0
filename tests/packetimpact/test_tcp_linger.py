"""packetimpact's scenarios of SO_LINGER: whether close() waits, and how the connection ends."""

import struct

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import Connection, text

NEVER = 60  # seconds: longer than any test


def lingering(stack: Stack, seconds: int) -> tuple[Connection, int]:
    """Return a connection whose close() takes so long at most."""
    connection, sock = stack.established()
    stack.option(sock, "SO_LINGER", struct.pack("ii", 1, seconds).hex(), "SOL_SOCKET")
    return connection, sock


def is_waiting(stack: Stack, request: int) -> bool:
    """Whether a call has not returned: a later request is answered before it."""
    stack.agent.do("stats")
    return request not in stack.agent.replies


def test_no_time(stack: Stack) -> None:
    """tcp_linger: SO_LINGER with 0 seconds resets."""
    connection, sock = lingering(stack, 0)
    stack.agent.do("close", socket=sock)
    assert connection.expect("RA").seq == connection.ack


def test_off(stack: Stack) -> None:
    """tcp_linger: without it, queued data is delivered, then a FIN; close() does not wait."""
    connection, sock = stack.established()
    stack.agent.send(sock, b"last words")
    stack.agent.do("close", socket=sock)
    assert connection.take(connection.expect("A", seq=connection.ack)) == b"last words"
    connection.expect("FA", seq=connection.ack)


@pytest.mark.parametrize("data", [b"", b"last words"])
def test_some_time(stack: Stack, data: bytes) -> None:
    """tcp_linger: close() waits until our FIN is acknowledged, and the data before it."""
    connection, sock = lingering(stack, NEVER)
    if data:
        stack.agent.send(sock, data)
    closing = stack.agent.begin("close", socket=sock)
    if data:
        assert connection.take(connection.expect("A", seq=connection.ack)) == data
    connection.expect("FA", seq=connection.ack)
    assert is_waiting(stack, closing)
    connection.ack += 1
    connection.send("A")
    assert stack.agent.end(closing) == {}


def test_time_that_passes(stack: Stack) -> None:
    """tcp_linger: after that close() stops waiting, the connection continues."""
    connection, sock = lingering(stack, 1)
    stack.agent.send(sock, b"last words")
    stack.agent.do("close", socket=sock)
    connection.replies()
    assert text(connection.expect(seq=connection.ack)) == b"last words"
    connection.ack += len(b"last words") + 1
    connection.send("FA")
    connection.expect("A", ack=connection.seq + 1)


def test_no_time_after_a_shutdown(stack: Stack) -> None:
    """tcp_linger: the FIN was sent; close() resets all the same."""
    connection, sock = lingering(stack, 0)
    stack.agent.do("shutdown", socket=sock, how="SHUT_RDWR")
    stack.agent.do("close", socket=sock)
    connection.expect("FA", seq=connection.ack)
    assert connection.expect("RA").seq == connection.ack + 1


@pytest.mark.parametrize("seconds", [0, NEVER])
def test_some_time_after_a_shutdown(stack: Stack, seconds: int) -> None:
    """tcp_linger: close() waits for the FIN of shutdown()."""
    connection, sock = lingering(stack, seconds) if seconds else stack.established()
    stack.agent.send(sock, b"last words")
    stack.agent.do("shutdown", socket=sock, how="SHUT_RDWR")
    closing = stack.agent.begin("close", socket=sock)
    assert not seconds or is_waiting(stack, closing)
    assert connection.take(connection.expect("A", seq=connection.ack)) == b"last words"
    connection.expect("FA", seq=connection.ack)
    connection.ack += 1
    connection.send("A")
    assert stack.agent.end(closing) == {}


def test_a_socket_that_was_not_connected(stack: Stack) -> None:
    """tcp_linger: there is nothing to wait for."""
    for sock in (stack.agent.socket(), stack.listen()[0]):
        stack.option(sock, "SO_LINGER", struct.pack("ii", 1, NEVER).hex(), "SOL_SOCKET")
        assert stack.agent.do("close", socket=sock) == {}
