"""packetimpact's scenario of TCP_INFO, in states, figures and after losses."""

import pytest
from packetimpact import info
from packetimpact.conftest import Stack
from packetimpact.connection import text


def test_an_open_connection(stack: Stack) -> None:
    """tcp_info: measured round trips, open windows, negotiated options."""
    connection, sock = stack.established(delay=0.05, options=[("MSS", 1000), ("SAckOK", b""), ("WScale", 3)])
    stack.agent.send(sock, b"text")
    connection.take(connection.expect("A", seq=connection.ack))
    assert connection.replies() == []
    told = stack.info(sock)
    assert (told.state, told.ca_state) == (info.ESTABLISHED, info.OPEN)
    assert (told.retransmits, told.probes, told.backoff, told.unacked, told.lost) == (0, 0, 0, 0, 0)
    assert told.snd_mss == 1000 and told.snd_cwnd >= 10 and told.pmtu == 1500
    assert told.options & 15 == 2 | 4 and told.scales & 15 == 3 and told.scales >> 4
    assert 0 < told.rttvar and 0 < told.rtt <= told.rto
    assert told.snd_ssthresh == 0x7FFFFFFF


def test_after_a_time_out(stack: Stack) -> None:
    """tcp_info: one segment at a time, in the state Loss."""
    connection, sock = stack.established()
    stack.agent.send(sock, b"text")
    for _ in range(2):
        assert text(connection.expect("A", seq=connection.ack)) == b"text"
    told = stack.info(sock)
    assert (told.ca_state, told.snd_cwnd, told.unacked) == (info.LOSS, 1, 1)
    assert told.retransmits >= 1 and told.backoff >= 1
    connection.ack += 4
    connection.send("A")
    assert connection.replies() == []
    stack.agent.send(sock, b"more")  # without SACK Linux waits for data sent afterwards (RFC 6582 section 4)
    connection.take(connection.expect("A", seq=connection.ack))
    assert connection.replies() == []
    told = stack.info(sock)
    assert (told.ca_state, told.retransmits, told.unacked) == (info.OPEN, 0, 0)


def test_a_window_that_is_shut(stack: Stack) -> None:
    """tcp_info: no data is in flight, and probes are counted."""
    connection, sock = stack.established()
    connection.offer(0)
    stack.agent.send(sock, b"text")
    for _ in range(2):
        connection.expect("A", timeout=60)
    assert stack.info(sock).probes >= 1


def test_sockets_without_a_connection(stack: Stack) -> None:
    """tcp_info: closed, listening, opening."""
    assert stack.info(stack.agent.socket()).state == info.CLOSE
    assert stack.info(stack.listen()[0]).state == info.LISTEN
    connection, sock, waiting = stack.connecting()
    assert stack.info(sock).state == info.SYN_SENT
    connection.send("RA", seq=0)
    with pytest.raises(ConnectionRefusedError):
        stack.agent.end(waiting)
    assert stack.info(sock).state == info.CLOSE


def test_states_of_an_active_close(stack: Stack) -> None:
    """tcp_info: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT."""
    connection, sock = stack.established()
    stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
    connection.expect("FA", seq=connection.ack)
    assert stack.info(sock).state == info.FIN_WAIT_1
    connection.ack += 1
    connection.send("A")
    assert connection.replies() == []
    assert stack.info(sock).state == info.FIN_WAIT_2
    connection.send("FA")
    connection.expect("A", ack=connection.seq + 1)
    # Linux keeps TIME-WAIT apart from the socket
    assert stack.info(sock).state == (info.TIME_WAIT if stack.name == "guest" else info.CLOSE)


def test_states_of_a_passive_and_a_simultaneous_close(stack: Stack) -> None:
    """tcp_info: CLOSE-WAIT, LAST-ACK; CLOSING."""
    connection, sock = stack.established()
    connection.send("FA")
    connection.expect("A", ack=connection.seq + 1)
    assert stack.info(sock).state == info.CLOSE_WAIT
    stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
    assert stack.info(sock).state == info.LAST_ACK
    connection, sock = stack.established()
    stack.agent.do("shutdown", socket=sock, how="SHUT_WR")
    connection.expect("FA", seq=connection.ack)
    connection.send("FA")
    connection.expect("A", ack=connection.seq + 1)
    assert stack.info(sock).state == info.CLOSING
