# ICMP errors about segments of ours, by code and state: RFC 9293 3.9.2.2, RFC 5461, RFC 5927.
import struct

from mnet.errors import EACCES, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT, EPROTO
from support import rows
from unit.mnet import frames
from unit.mnet.frames import PEER
from unit.mnet.six import ROUTER, icmp6
from unit.mnet.tcp.situations import in_state, state_of

# Hard errors end an attempt to connect, soft ones are kept for the user; to an open connection all are soft.
# IPv4 has its codes from 6 on from RFC 1812 5.2.7.1.
ERRORS = (
    # family, type, code, errno, hard
    ("v4", 3, 0, ENETUNREACH, False),
    ("v4", 3, 1, EHOSTUNREACH, False),
    ("v4", 3, 2, ENOPROTOOPT, True),
    ("v4", 3, 3, ECONNREFUSED, True),
    ("v4", 3, 5, EHOSTUNREACH, False),
    ("v4", 3, 6, ENETUNREACH, False),
    ("v4", 3, 7, EHOSTUNREACH, False),
    ("v4", 3, 8, EHOSTUNREACH, False),
    ("v4", 3, 9, ENETUNREACH, False),
    ("v4", 3, 10, EHOSTUNREACH, False),
    ("v4", 3, 11, ENETUNREACH, False),
    ("v4", 3, 12, EHOSTUNREACH, False),
    ("v4", 3, 13, EHOSTUNREACH, False),
    ("v4", 3, 14, EHOSTUNREACH, False),
    ("v4", 3, 15, EHOSTUNREACH, False),
    ("v4", 11, 0, EHOSTUNREACH, False),
    ("v4", 11, 1, EHOSTUNREACH, False),
    ("v4", 12, 0, EPROTO, False),
    ("v6", 1, 0, ENETUNREACH, False),
    ("v6", 1, 1, EACCES, False),
    ("v6", 1, 2, EHOSTUNREACH, False),
    ("v6", 1, 3, EHOSTUNREACH, False),
    ("v6", 1, 4, ECONNREFUSED, True),
    ("v6", 1, 5, EACCES, False),
    ("v6", 1, 6, EACCES, False),
    ("v6", 3, 0, EHOSTUNREACH, False),
    ("v6", 3, 1, EHOSTUNREACH, False),
    ("v6", 4, 0, EPROTO, False),
    ("v6", 4, 1, EPROTO, False),
    ("v6", 4, 2, EPROTO, False),
)
PORT = {"v4": (3, 3), "v6": (1, 4)}
OPENING = ("SYN-SENT", "SYN-RECEIVED")
STATES = OPENING + ("ESTABLISHED",)
TEXT = b"0123456789"


def about(peer, family, kind, code, beside=0):
    """Input an ICMP error about the peer's last segment, with its sequence number changed by `beside`."""
    host = peer.host
    ip = peer.last.bytes[14:]
    at = 40 if family == "v6" else 20
    number = struct.unpack("!I", ip[at + 4 : at + 8])[0] + beside
    quote = ip[: at + 4] + struct.pack("!I", number & 0xFFFFFFFF)
    if family == "v6":
        host.input(icmp6(kind, code, bytes(4) + quote, src=ROUTER))
    else:
        host.input(frames.icmp(kind, code, bytes(4) + quote, src=PEER + 7))


def codes():
    """Rows (id, state, family, type, code, errno, hard)."""
    return [("%s-%s-%d-%d" % ((state,) + error[:3]), state) + error for state in STATES for error in ERRORS]


@rows(codes())
def test_an_error_arrives(state, family, kind, code, errno, hard):
    """MUST-54, MUST-56, SHLD-25, SHLD-26, RFC5927-2."""
    peer = in_state(state, TEXT, family == "v6")
    tcb = peer.tcb
    told = []
    tcb.on_readable = tcb.on_writable = lambda: told.append(1)
    about(peer, family, kind, code)
    assert tcb.error == errno and not peer.host.drops
    if hard and state in OPENING:
        assert peer.gone(errno) and told
    else:
        assert state_of(peer) == state and not told
        assert tcb.tx.head - tcb.tx.tail == (len(TEXT) if state == "ESTABLISHED" else 0)


def quotes():
    """Rows (id, state, family, beside, whether it is accepted): numbers beside that of the last segment, a
    SYN or ten octets (RFC 5927 4.1)."""
    return [
        ("%s-%s%+d" % (state, family, beside), state, family, beside, 0 <= beside < size)
        for state, size in (("SYN-SENT", 1), ("SYN-RECEIVED", 1), ("ESTABLISHED", len(TEXT)))
        for family in ("v4", "v6")
        for beside in sorted({-1, 0, size - 1, size, 1 << 31})
    ]


@rows(quotes())
def test_a_quoted_number(state, family, beside, believed):
    """RFC5927-1."""
    peer = in_state(state, TEXT, family == "v6")
    about(peer, family, *PORT[family], beside)
    assert peer.tcb.error == (ECONNREFUSED if believed else 0)
    name = "icmp_error_for_nobody" if family == "v4" else "icmp6_error_for_nobody"
    assert peer.host.drops == ({} if believed else {name: 1})
    assert (state_of(peer) == state) == (state not in OPENING or not believed)
