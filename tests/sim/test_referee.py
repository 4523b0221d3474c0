"""The referee detects segments that a host must not send."""

import struct

import pytest
from unit.mnet.frames import OUR_MAC, OURS, PEER, PEER_MAC, tcp

from sim.referee import Referee

TEXT = bytes(range(256)) * 8
ISS, IRS = 0xFFFFFFF0, 5000


def out(flags, seq, ack, window=65535, text=b"", options=b""):
    ends = {"sport": 9000, "dport": 40000, "src": OURS, "dst": PEER}
    data = tcp(flags, (ISS + seq) & 0xFFFFFFFF, IRS + ack, window, text, options, **ends)
    return PEER_MAC + OUR_MAC + data[12:]


def back(flags, seq, ack, window=1000, text=b"", options=b""):
    ends = {"sport": 40000, "dport": 9000, "src": PEER, "dst": OURS}
    return tcp(flags, IRS + seq, (ISS + ack) & 0xFFFFFFFF, window, text, options, **ends)


@pytest.fixture
def referee():
    """Open a connection; the peer has sent 100 bytes and has a window of 1000."""
    referee = Referee()
    referee.says = TEXT
    scale = struct.pack("!BBBB", 1, 3, 3, 2)
    referee.received(back("S", 0, 0, options=scale))
    referee.sent(out("S.", 0, 1, options=scale))
    referee.received(back("P.", 1, 1, 250, b"x" * 100))
    referee.sent(out(".", 1, 101, 1000, TEXT[:500]))
    return referee


@pytest.mark.parametrize(
    "frame,found",
    [
        (out(".", 601, 101, 1000, TEXT[600:1001]), "1 bytes of 401 lie beyond the window"),
        (out(".", 301, 101, 1000, TEXT[301:310]), "what is sent at 300 is not the text"),
        (out(".", 501, 102, 1000), "what has not come is acknowledged"),
        (out(".", 501, 100, 1000), "an acknowledgement is taken back"),
        (out(".", 501, 101, 999), "the window shrinks by 4"),
    ],
)
def test_forbidden_segments_are_reported(referee, frame, found):
    with pytest.raises(AssertionError, match=found):
        referee.sent(frame)


@pytest.mark.parametrize(
    "frame",
    [
        out(".", 501, 101, 1000, TEXT[500:1000]),
        out(".", 1, 101, 1000, TEXT[:500]),
        out(".", 1001, 101, 1001, TEXT[1000:1001]),  # a probe
        out("R", 501, 0, 0),
    ],
)
def test_permitted_segments_are_accepted(referee, frame):
    referee.sent(frame)


def test_window_may_shrink_by_the_rounding_of_its_scale(referee):
    referee.received(back("P.", 101, 1, 250, b"x" * 3))
    referee.sent(out(".", 501, 104, 999))
