"""packetimpact's scenarios of RACK-TLP (RFC 8985): the retransmitted segments and their order. The path is
slow in both directions, so that no timeout occurs: after one, the first segment would be retransmitted first,
and the state would be Loss."""

import time

from packetimpact import info
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, text

SIZE = 536  # of a segment, for we offer no MSS
OPENING = 0.5  # seconds: the first round trip, and so the shortest
ROUND_TRIP = 0.6


class Flight:
    """Return a connection with segments in flight, numbered from 0."""

    def __init__(self, stack: Stack, count: int) -> None:
        self.stack = stack
        self.connection, self.sock = stack.established(delay=OPENING, options=[("SAckOK", b"")])
        self.start = self.connection.ack
        self.sent = 0
        stack.option(self.sock, "TCP_NODELAY", 1)
        self.send(count)

    def send(self, count: int) -> None:
        """Send so many segments more, one by one."""
        for number in range(self.sent, self.sent + count):
            self.stack.agent.do("fill", socket=self.sock, length=SIZE)
            assert self.next() == number
        self.sent += count

    def next(self) -> int:
        """Return the number of the next segment."""
        segment = self.connection.expect("A")
        while not text(segment):
            segment = self.connection.expect("A")
        assert len(text(segment)) == SIZE
        return ((segment.seq - self.start) & SEQ_MASK) // SIZE

    def at(self, number: int) -> int:
        return (self.start + number * SIZE) & SEQ_MASK

    def acknowledge(self, before: int, *blocks: tuple[int, int], delay: float = ROUND_TRIP) -> None:
        """Acknowledge all before that segment and SACK blocks (from, to), a round trip later."""
        time.sleep(delay)
        edges = [self.at(edge) for block in blocks for edge in block]
        options = [("NOP", None), ("NOP", None), ("SAck", tuple(edges))] if blocks else []
        self.connection.send("A", ack=self.at(before), options=options)

    def state(self) -> int:
        return self.stack.info(self.sock).ca_state


def test_a_flight_that_is_lost(stack: Stack) -> None:
    """tcp_rack: the last segment is the probe; its arrival shows that the others are lost."""
    flight = Flight(stack, 5)
    assert flight.next() == 4
    flight.acknowledge(0, (4, 5))
    assert flight.next() == 0
    assert flight.state() == info.RECOVERY


def test_a_tail_that_is_lost(stack: Stack) -> None:
    """tcp_rack: some have arrived; the last one is the probe all the same."""
    flight = Flight(stack, 10)
    flight.acknowledge(6)
    assert flight.next() == 9
    assert flight.state() == info.OPEN


def test_what_was_sent_before_what_arrived(stack: Stack) -> None:
    """tcp_rack: a segment before a SACKed one is lost; so is one sent before a retransmission that has
    arrived."""
    flight = Flight(stack, 3)
    flight.acknowledge(0, (1, 2))
    assert flight.next() == 0
    assert flight.state() == info.RECOVERY
    flight.acknowledge(2)
    assert flight.next() == 2
    assert flight.state() == info.RECOVERY


def test_two_that_are_lost(stack: Stack) -> None:
    """tcp_rack: without reordering all data before the delivered data is retransmitted, in order and as
    ACKs arrive (RFC 9937)."""
    flight = Flight(stack, 4)
    flight.acknowledge(0, (2, 4))
    assert flight.next() == 0
    flight.acknowledge(1, (2, 4))
    assert flight.next() == 1
    assert flight.state() == info.RECOVERY


def test_a_path_that_reorders(stack: Stack) -> None:
    """tcp_rack: once reordering is detected, segments get time to arrive late; when it has passed they are
    lost."""
    flight = Flight(stack, 4)
    flight.acknowledge(0, (3, 4))
    for first in (2, 1):
        flight.acknowledge(0, (first, 4), delay=0)
    flight.acknowledge(4, delay=0)
    flight.connection.replies()
    flight.send(4)
    flight.acknowledge(4, (5, 8))
    flight.acknowledge(8, delay=0)
    assert not any(text(segment) for segment in flight.connection.replies())
    assert flight.state() == info.OPEN
    flight.send(4)
    flight.acknowledge(8, (9, 12))
    assert flight.next() == 8
    assert flight.state() == info.RECOVERY


def test_a_retransmission_that_is_lost(stack: Stack) -> None:
    """tcp_rack: it is retransmitted again when data sent later is delivered, without a timeout."""
    flight = Flight(stack, 5)
    flight.acknowledge(0, (1, 5))
    assert flight.next() == 0
    flight.send(1)
    flight.acknowledge(0, (1, 6))
    assert flight.next() == 0
    assert flight.state() == info.RECOVERY
