"""packetimpact's scenarios of connections that are not open yet."""

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import Connection, text


def connecting_at_once(stack: Stack) -> tuple[Connection, int]:
    """As Stack.connecting(), with a socket whose connect() did not wait."""
    sock, local = stack.agent.socket(), next(stack.ports)
    stack.agent.do("settimeout", socket=sock, seconds=0)
    with pytest.raises(BlockingIOError):
        stack.agent.do("connect", socket=sock, address=(stack.link.address, local))
    syn = stack.link.expect(lambda frame: "TCP" in frame and frame["TCP"].dport == local)["TCP"]
    connection = Connection(stack.link, local, syn.sport)
    connection.accept_syn(syn)
    stack.agent.do("settimeout", socket=sock, seconds=None)
    return connection, sock


def test_sending_in_syn_sent_waits(stack: Stack) -> None:
    """tcp_queue_send_recv_in_syn_sent: and is sent once the connection is open."""
    connection, sock = connecting_at_once(stack)
    sending = stack.agent.begin("send", socket=sock, data=b"early".hex())
    connection.send("SA")
    connection.seq += 1
    connection.expect("A", seq=connection.ack, ack=connection.seq)
    assert stack.agent.end(sending) == {"sent": 5}
    assert connection.take(connection.expect("A", seq=connection.ack)) == b"early"


def test_receiving_in_syn_sent_waits(stack: Stack) -> None:
    """tcp_queue_send_recv_in_syn_sent: until the connection is open, and data has arrived; a non-blocking
    call fails."""
    connection, sock = connecting_at_once(stack)
    stack.agent.do("settimeout", socket=sock, seconds=0)
    for call in ({"command": "send", "data": "00"}, {"command": "recv"}):
        with pytest.raises(BlockingIOError):
            stack.agent.do(socket=sock, **call)
    stack.agent.do("settimeout", socket=sock, seconds=None)
    receiving = stack.agent.begin("recv", socket=sock)
    connection.send("SA")
    connection.seq += 1
    connection.expect("A", seq=connection.ack, ack=connection.seq)
    stack.agent.do("stats")
    assert receiving not in stack.agent.replies
    connection.send("PA", b"answer")
    assert bytes.fromhex(stack.agent.end(receiving)["data"]) == b"answer"


@pytest.mark.parametrize("call", [{"command": "send", "data": "00"}, {"command": "recv"}])
def test_calls_in_syn_sent_fail_with_it(stack: Stack, call: dict[str, str]) -> None:
    """tcp_queue_send_recv_in_syn_sent: a reset wakes the waiting call."""
    connection, sock = connecting_at_once(stack)
    waiting = stack.agent.begin(socket=sock, **call)
    connection.send("RA", seq=0)
    with pytest.raises(ConnectionRefusedError):
        stack.agent.end(waiting)


def test_a_full_backlog(stack: Stack) -> None:
    """tcp_listen_backlog: open connections are served; there is room again after accept()."""
    listener, port = stack.listen(backlog=1)
    opened = []
    while len(opened) < 10:
        connection = stack.connection(port)
        connection.send("S")
        connection.seq += 1
        replies = connection.replies()
        if not replies:
            break
        connection.accept_syn(replies[0])
        connection.send("A")
        opened.append(connection)
    assert 1 <= len(opened) <= 3
    for connection in opened[:1]:
        sock = stack.agent.do("accept", socket=listener)["socket"]
        connection.send("PA", b"text")
        assert stack.agent.recv(sock) == b"text"
    late = stack.connection(port)
    late.open()
    assert late.replies() == []


def test_text_with_the_last_ack_of_the_handshake(stack: Stack) -> None:
    """tcp_syncookie: it opens the connection and is not lost."""
    listener, port = stack.listen()
    connection = stack.connection(port)
    connection.send("S")
    connection.seq += 1
    connection.accept_syn(connection.expect("SA"))
    connection.send("PA", b"at once")
    sock = stack.agent.do("accept", socket=listener)["socket"]
    assert stack.agent.recv(sock) == b"at once"
    stack.agent.send(sock, b"yes")
    assert text(connection.expect("A", seq=connection.ack)) in (b"", b"yes")
