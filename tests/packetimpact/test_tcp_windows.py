"""packetimpact's scenarios of windows: the one we offer, the one we are offered, and none at all."""

import errno

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, text


def test_the_window_of_the_handshake(stack: Stack) -> None:
    """tcp_handshake_window_size: what the last ACK of the handshake offers is not exceeded."""
    connection, sock = stack.established(window=5)
    stack.agent.send(sock, b"0123456789")
    segment = connection.expect("A", seq=connection.ack)
    assert text(segment) == b"01234"


def test_probes_of_a_zero_window(stack: Stack) -> None:
    """tcp_zero_window_probe: asked again, and all sent once the window opens (RFC 9293 3.8.6.1)."""
    connection, sock = stack.established()
    connection.window = 0
    connection.send("A")
    assert connection.replies() == []
    stack.agent.send(sock, b"text")
    for _ in range(2):
        probe = connection.expect("A", timeout=60)
        assert (probe.seq - connection.ack) & SEQ_MASK in (0, SEQ_MASK)
        connection.send("A")
    connection.window = 1000
    connection.send("A")
    assert text(connection.expect("A", seq=connection.ack)) == b"text"


def test_a_window_that_shrinks(stack: Stack) -> None:
    """tcp_window_shrink: text beyond the new edge waits, and is sent when there is room again."""
    connection, sock = stack.established(window=1000)
    stack.agent.send(sock, b"a" * 500)
    connection.take(connection.expect("A", seq=connection.ack))
    connection.window = 0
    connection.send("A")
    assert connection.replies() == []
    stack.agent.send(sock, b"b" * 500)
    connection.window = 1000
    connection.send("A")
    assert text(connection.expect("A", seq=connection.ack)) == b"b" * 500


def test_a_receive_window_that_fills(stack: Stack) -> None:
    """tcp_zero_receive_window: down to zero as nobody reads, up again when somebody does."""
    connection, sock = stack.established()
    sent, window = 0, 1
    while window and sent < 16 << 20:
        size = min(1000, window)
        connection.send("PA", b"x" * size)
        connection.seq, sent = (connection.seq + size) & SEQ_MASK, sent + size
        window = connection.expect("A", ack=connection.seq, timeout=5).window
    assert window == 0
    read = stack.agent.begin("drain", socket=sock, length=sent)
    connection.expect("A", ack=connection.seq, timeout=60)
    assert stack.agent.end(read) == {"received": sent}


def test_text_beyond_a_full_window(stack: Stack) -> None:
    """tcp_rcv_buf_space, tcp_outside_the_window: it is not acknowledged."""
    connection, _ = stack.established()
    connection.send("PA", b"x")
    connection.seq += 1
    window = connection.expect("A", ack=connection.seq).window
    connection.send("PA", b"y" * 100, seq=connection.seq + window)
    assert all(reply.ack == connection.seq for reply in connection.replies())


def test_probes_carry_the_next_octet_and_come_more_slowly(stack: Stack) -> None:
    """tcp_zero_window_probe_retransmit: nothing new passes the window, however often it is asked."""
    connection, sock = stack.established()
    connection.window = 0
    connection.send("A")
    assert connection.replies() == []
    stack.agent.send(sock, b"0123456789")
    for _ in range(3):
        probe = connection.expect("A", timeout=60)
        assert len(text(probe)) <= 1 and text(probe) in b"0"
    connection.window = 1000
    connection.send("A")
    sent = connection.expect("A", seq=connection.ack)
    assert text(sent) == b"0123456789"


def test_a_window_that_stays_shut_for_the_user_timeout(stack: Stack) -> None:
    """tcp_zero_window_probe_usertimeout: probes that nobody answers end the connection, too."""
    connection, sock = stack.established()
    option = {"level": "IPPROTO_TCP", "option": "TCP_USER_TIMEOUT", "value": 1500}
    stack.agent.do("setsockopt", socket=sock, **option)
    connection.window = 0
    connection.send("A")
    assert connection.replies() == []
    stack.agent.send(sock, b"text")
    with pytest.raises(TimeoutError) as late:
        stack.agent.do("recv", socket=sock)
    assert late.value.errno == errno.ETIMEDOUT


@pytest.mark.parametrize("size", [1, 10, 100])
def test_text_carries_acknowledgements(stack: Stack, size: int) -> None:
    """tcp_send_window_sizes_piggyback: what is sent acknowledges what has come, and fits the window."""
    connection, sock = stack.established(window=size)
    connection.send("PA", b"question")
    connection.seq += 8
    assert stack.agent.recv(sock) == b"question"
    stack.agent.send(sock, b"x" * size)
    answer = connection.expect("A", seq=connection.ack, ack=connection.seq)
    while not text(answer):
        answer = connection.expect("A", seq=connection.ack, ack=connection.seq)
    assert text(answer) == b"x" * size


def test_a_corked_socket_sends_full_segments(stack: Stack) -> None:
    """tcp_cork_mss: small pieces become one segment of the peer's MSS; the rest when the cork is drawn."""
    connection, sock = stack.established(options=[("MSS", 600)])
    cork = {"socket": sock, "level": "IPPROTO_TCP", "option": "TCP_CORK"}
    stack.agent.do("setsockopt", value=1, **cork)
    for _ in range(5):
        stack.agent.send(sock, b"x" * 130)
    assert len(connection.take(connection.expect("A", seq=connection.ack))) == 600
    assert not any(text(segment) for segment in connection.replies())
    stack.agent.do("setsockopt", value=0, **cork)
    assert len(connection.take(connection.expect("A", seq=connection.ack))) == 50
