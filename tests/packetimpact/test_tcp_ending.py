"""packetimpact's scenarios of the end of a connection, and of retransmissions until then."""

import errno
import time

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import text
from scapy.layers.inet import IP, TCP

IP_MTU_DISCOVER = 10  # an option of Linux


def test_a_listener_that_closes(stack: Stack) -> None:
    """tcp_noaccept_close_rst: unaccepted connections are reset."""
    listener, port = stack.listen()
    connection = stack.connection(port)
    connection.open()
    assert connection.replies() == []
    stack.agent.do("close", socket=listener)
    assert connection.expect("RA").seq == connection.ack


def test_a_fin_is_sent_again_in_closing(stack: Stack) -> None:
    """tcp_fin_retransmission: after our FIN crossed theirs, which we do not acknowledge."""
    connection, sock = stack.established()
    stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
    connection.expect("FA", seq=connection.ack)
    connection.send("FA")
    connection.seq += 1
    connection.expect("A", ack=connection.seq)
    connection.expect("FA", seq=connection.ack, timeout=30)


def test_text_is_sent_again(stack: Stack) -> None:
    """tcp_retransmits: the same octets until they are acknowledged; the timeout doubles."""
    connection, sock = stack.established()
    rto = stack.info(sock).rto
    stack.agent.send(sock, b"text")
    for _ in range(4):
        assert text(connection.expect("A", seq=connection.ack, timeout=30)) == b"text"
        told = stack.info(sock)
        assert told.rto == rto << told.backoff
    assert told.backoff >= 3
    connection.ack += 4
    connection.send("A")
    assert connection.replies() == []


def test_a_retransmission_has_its_own_identification(stack: Stack) -> None:
    """ipv4_id_uniqueness: not for atomic datagrams (RFC 6864 4.1), such as all segments of the guest."""
    connection, sock = stack.established()
    if stack.name == "linux":
        stack.option(sock, IP_MTU_DISCOVER, 0, "IPPROTO_IP")
    stack.agent.send(sock, b"text")
    frames = [
        stack.link.expect(lambda frame: connection.is_ours(frame) and text(frame[TCP]) == b"text", 30)
        for _ in range(2)
    ]
    first, second = (frame[IP] for frame in frames)
    if stack.name == "guest":
        assert first.flags.DF and second.flags.DF
    else:
        assert not first.flags.DF and not second.flags.DF and first.id != second.id


def test_user_timeout(stack: Stack) -> None:
    """tcp_user_timeout: data unacknowledged for so long ends the connection."""
    connection, sock = stack.established()
    stack.option(sock, "TCP_USER_TIMEOUT", 1000)
    waiting = stack.agent.begin("recv", socket=sock)
    stack.agent.send(sock, b"text")
    connection.expect("A", seq=connection.ack)
    with pytest.raises(TimeoutError) as late:
        stack.agent.end(waiting)
    assert late.value.errno == errno.ETIMEDOUT


def test_a_reset_in_time_wait(stack: Stack) -> None:
    """tcp_timewait_reset: a retransmitted FIN is acknowledged (RFC 9293 3.10.7.4); a reset ends it."""
    connection, sock = stack.established()
    stack.agent.do("close", socket=sock)
    connection.expect("FA", seq=connection.ack)
    connection.ack += 1
    connection.send("FA")
    connection.seq += 1
    connection.expect("A", ack=connection.seq)
    connection.send("FA", seq=connection.seq - 1)
    assert connection.expect("A").ack == connection.seq
    connection.send("R")
    connection.send("A")
    assert [(reply.flags, reply.seq) for reply in connection.replies()] == [("R", connection.ack)]


def test_a_peer_that_does_not_close_its_side(stack: Stack) -> None:
    """fin_wait2_timeout: it lasts as long as TCP_LINGER2 says, then the connection is deleted."""
    patient, sock = stack.established()
    where = {"level": "IPPROTO_TCP", "option": "TCP_LINGER2"}
    assert stack.agent.do("getsockopt", socket=sock, **where) == {"value": 60}
    hasty, other = stack.established()
    stack.option(other, "TCP_LINGER2", 1)
    for connection, number in ((patient, sock), (hasty, other)):
        stack.agent.do("close", socket=number)
        connection.expect("FA", seq=connection.ack)
        connection.ack += 1
        connection.send("A")
    assert hasty.replies() == []
    deadline = time.monotonic() + 20
    replies = []
    while not replies and time.monotonic() < deadline:
        time.sleep(0.05)
        hasty.send("A")
        replies = hasty.replies()
    assert [(reply.flags, reply.seq) for reply in replies] == [("R", hasty.ack)]
    patient.send("A")
    assert patient.replies() == []
    patient.send("FA")
    patient.expect("A", ack=patient.seq + 1)


def test_data_after_close_in_fin_wait_2(stack: Stack) -> None:
    """fin_wait2_timeout: the data cannot be read, so the peer is reset (RFC 1122 4.2.2.13)."""
    connection, sock = stack.established()
    stack.agent.do("close", socket=sock)
    connection.expect("FA", seq=connection.ack)
    connection.ack += 1
    connection.send("A")
    connection.send("PA", b"text")
    assert connection.expect().flags.R
    connection.send("A")
    assert connection.expect("R").seq == connection.ack
