"""packetimpact's scenarios of connections that are not open yet."""

from packetimpact.conftest import Stack
from packetimpact.connection import text


def test_a_full_backlog(stack: Stack) -> None:
    """tcp_listen_backlog: what is open already is served; there is room again after accept()."""
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
