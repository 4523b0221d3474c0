"""packetimpact's scenarios of windows: advertised, received, and zero."""

import errno

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, WINDOW, Connection, text


def test_the_window_of_the_handshake(stack: Stack) -> None:
    """tcp_handshake_window_size: the window of the last ACK of the handshake is not exceeded."""
    connection, sock = stack.established(window=5)
    stack.agent.send(sock, b"0123456789")
    segment = connection.expect("A", seq=connection.ack)
    assert text(segment) == b"01234"


def test_probes_of_a_zero_window(stack: Stack) -> None:
    """tcp_zero_window_probe: repeated probes, and all data once the window opens (RFC 9293 3.8.6.1)."""
    connection, sock = stack.established()
    connection.offer(0)
    stack.agent.send(sock, b"text")
    for _ in range(2):
        probe = connection.expect("A", timeout=60)
        assert (probe.seq - connection.ack) & SEQ_MASK in (0, SEQ_MASK)
        connection.send("A")
    connection.window = 1000
    connection.send("A")
    assert text(connection.expect("A", seq=connection.ack)) == b"text"


def test_a_window_that_shrinks(stack: Stack) -> None:
    """tcp_window_shrink: data beyond the new edge waits, and is sent when there is room again."""
    connection, sock = stack.established(window=1000)
    stack.agent.send(sock, b"a" * 500)
    connection.take(connection.expect("A", seq=connection.ack))
    connection.offer(0)
    stack.agent.send(sock, b"b" * 500)
    connection.window = 1000
    connection.send("A")
    assert text(connection.expect("A", seq=connection.ack)) == b"b" * 500


@pytest.mark.parametrize("size", [64, 512, 1000])
def test_a_receive_window_that_fills(stack: Stack, size: int) -> None:
    """tcp_zero_receive_window: down to zero without reads, up again after reads."""
    connection, sock = stack.established()
    sent, window = 0, 1
    while window and sent < 16 << 20:
        sent += flood(connection, size, min(window, 30 * size))
        window = connection.expect("A", ack=connection.seq, timeout=5).window
    assert window == 0
    read = stack.agent.begin("drain", socket=sock, length=sent)
    connection.expect("A", ack=connection.seq, timeout=60)
    assert stack.agent.end(read) == {"received": sent}


def flood(connection: Connection, size: int, total: int) -> int:
    """Send so many bytes in segments of that size. Returns their number."""
    for left in range(total, 0, -size):
        connection.send("PA", b"x" * min(size, left))
        connection.seq = (connection.seq + min(size, left)) & SEQ_MASK
    return total


@pytest.mark.parametrize("size", [64, 512, 1000])
def test_a_receive_window_of_who_reads(stack: Stack, size: int) -> None:
    """tcp_zero_receive_window: it never reaches zero."""
    connection, sock = stack.established()
    read = 0
    while read < 2 * WINDOW:
        read += flood(connection, size, 30 * size)
        assert connection.expect("A", ack=connection.seq).window
        assert stack.agent.do("drain", socket=sock, length=30 * size) == {"received": 30 * size}


def test_a_receive_buffer_that_is_full(stack: Stack) -> None:
    """tcp_rcv_buf_space: data that does not fit is dropped, and accepted when it is retransmitted after there
    is room."""
    listener = stack.agent.socket()
    port = next(stack.ports)
    stack.option(listener, "SO_RCVBUF", 4096, "SOL_SOCKET")
    stack.agent.do("bind", socket=listener, address=("0.0.0.0", port))
    stack.agent.do("listen", socket=listener)
    connection = stack.connection(port)
    connection.open()
    sock = stack.agent.do("accept", socket=listener)["socket"]
    for number in range(20):
        connection.send("PA", bytes((number,)) * 1000, seq=connection.seq + 1000 * number)
    taken = max(reply.ack for reply in connection.replies()) - connection.seq
    assert 1000 <= taken < 20000
    data = b"".join(bytes((number,)) * 1000 for number in range(20))
    received = stack.agent.recv(sock, 20000)
    assert received == data[:taken]
    stack.agent.do("settimeout", socket=sock, seconds=0)
    with pytest.raises(BlockingIOError):
        stack.agent.recv(sock)
    connection.send("PA", data[taken : taken + 1000], seq=connection.seq + taken)
    connection.expect("A", ack=connection.seq + taken + 1000)
    assert stack.agent.recv(sock) == data[taken : taken + 1000]


def test_text_beyond_a_full_window(stack: Stack) -> None:
    """tcp_rcv_buf_space, tcp_outside_the_window: it is not acknowledged."""
    connection, _ = stack.established()
    connection.send("PA", b"x")
    connection.seq += 1
    window = connection.expect("A", ack=connection.seq).window
    connection.send("PA", b"y" * 100, seq=connection.seq + window)
    assert all(reply.ack == connection.seq for reply in connection.replies())


def test_probes_carry_the_next_octet_and_come_more_slowly(stack: Stack) -> None:
    """tcp_zero_window_probe_retransmit: no new data passes the window, however often it is probed; the
    interval of probes doubles."""
    connection, sock = stack.established()
    connection.offer(0)
    stack.agent.send(sock, b"0123456789")
    rto = 0
    for _ in range(3):
        probe = connection.expect("A", timeout=60)
        assert len(text(probe)) <= 1 and text(probe) in b"0"
        told = stack.info(sock)
        before, rto = rto, told.rto << told.backoff if stack.name == "linux" else told.rto
        assert rto >= 2 * before
    connection.window = 1000
    connection.send("A")
    sent = connection.expect("A", seq=connection.ack)
    assert text(sent) == b"0123456789"


def test_a_window_that_stays_shut_for_the_user_timeout(stack: Stack) -> None:
    """tcp_zero_window_probe_usertimeout: unanswered probes end the connection, too."""
    connection, sock = stack.established()
    stack.option(sock, "TCP_USER_TIMEOUT", 1500)
    connection.offer(0)
    stack.agent.send(sock, b"text")
    with pytest.raises(TimeoutError) as late:
        stack.agent.do("recv", socket=sock)
    assert late.value.errno == errno.ETIMEDOUT


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_text_carries_acknowledgements(stack: Stack, more: int) -> None:
    """tcp_send_window_sizes_piggyback: windows of a message, and of a byte less or more: data that waits for
    the window is sent with the acknowledgement of the segment that opens it."""
    message = b"a message of some length"
    connection, sock = stack.established(window=len(message) + more)
    stack.option(sock, "TCP_NODELAY", 1)
    stack.agent.send(sock, message)
    first = text(connection.expect("A", seq=connection.ack))
    assert first == message[:more] if more < 0 else first == message
    if more >= 0:
        stack.agent.send(sock, message)
        assert not any(text(segment) for segment in connection.replies())
    connection.ack += len(first)
    connection.send("PA", b"question")
    connection.seq += 8
    second = connection.expect("A", seq=connection.ack)
    assert text(second) == (message[more:] if more < 0 else message) and second.ack == connection.seq


def test_a_corked_socket_sends_full_segments(stack: Stack) -> None:
    """tcp_cork_mss: small pieces become one segment of the peer's MSS; the rest is sent when the cork is
    removed."""
    connection, sock = stack.established(options=[("MSS", 600)])
    stack.option(sock, "TCP_CORK", 1)
    for _ in range(5):
        stack.agent.send(sock, b"x" * 130)
    assert len(connection.take(connection.expect("A", seq=connection.ack))) == 600
    assert not any(text(segment) for segment in connection.replies())
    stack.option(sock, "TCP_CORK", 0)
    assert len(connection.take(connection.expect("A", seq=connection.ack))) == 50


def test_corked_data_is_sent_after_a_while(stack: Stack) -> None:
    """tcp_cork_mss: more than a segment is cut; the part that fills no full segment is sent after a while."""
    connection, sock = stack.established(options=[("MSS", 600)])
    stack.option(sock, "TCP_CORK", 1)
    for data in (b"first", b"second", bytes(601)):
        stack.agent.do("send", socket=sock, data=data.hex())
    assert connection.take(connection.expect("A", seq=connection.ack)) == b"firstsecond" + bytes(589)
    assert connection.take(connection.expect("A", seq=connection.ack)) == bytes(12)
    connection.offer(20)
    for _ in range(2):
        stack.agent.send(sock, b"0123456789")
    assert connection.take(connection.expect("A", seq=connection.ack)) == b"0123456789" * 2
