# Options of the peer's SYN, in every combination and malformed, and the values that result. RFC 9293 3.2 and
# 3.7.1, RFC 7323, RFC 2018.
import struct

from support import rows
from unit.mnet.tcp.situations import half_open, in_state, state_of

TSVAL = 0x11223344
ROOM = 1 << 18  # of the receive buffer: that needs a scale of 3
LARGEST = {"v4": 1460, "v6": 1440}
DEFAULT = {"v4": 536, "v6": 1220}

# The bytes of an option, and its effect on (MSS, scale of the peer's window, SACK, timestamps).
TIMESTAMPS = struct.pack("!BBII", 8, 10, TSVAL, 0)
OPTIONS = (
    ("mss", b"\2\4\3\xe8", (1000, None, False, False)),
    ("ws", b"\1\3\3\2", (None, 2, False, False)),
    ("sack", b"\1\1\4\2", (None, None, True, False)),
    ("ts", b"\1\1" + TIMESTAMPS, (None, None, False, True)),
)
NOTHING = (None, None, False, False)

# name, options, what is agreed on, whether they are malformed
ODD = (
    ("mss-0", b"\2\4\0\0", NOTHING, False),
    ("mss-1", b"\2\4\0\1", (64, None, False, False), False),  # a tiny MSS is raised to this
    ("mss-64", b"\2\4\0\x40", (64, None, False, False), False),
    ("mss-65", b"\2\4\0\x41", (65, None, False, False), False),
    ("mss-65535", b"\2\4\xff\xff", (65535, None, False, False), False),
    ("mss-too-short", b"\2\3\5\1", NOTHING, False),
    ("mss-too-long", b"\2\5\5\5\5\1\1\1", NOTHING, False),
    ("mss-unaligned", b"\1\2\4\3\xe8\1\1\1", (1000, None, False, False), False),
    ("mss-twice", b"\2\4\3\xe8\2\4\4\0", (1024, None, False, False), False),
    ("mss-behind-the-end", b"\0\1\1\1\2\4\3\xe8", NOTHING, False),
    ("nonsense-behind-the-end", b"\1\2\4\3\xe8\0\xff\xff", (1000, None, False, False), False),
    ("ws-0", b"\1\3\3\0", (None, 0, False, False), False),
    ("ws-14", b"\1\3\3\x0e", (None, 14, False, False), False),
    ("ws-15", b"\1\3\3\x0f", (None, 14, False, False), False),
    ("ws-255", b"\1\3\3\xff", (None, 14, False, False), False),
    ("ws-too-short", b"\3\2\1\1", NOTHING, False),
    ("ws-too-long", b"\3\4\2\2", NOTHING, False),
    ("sack-too-long", b"\4\3\1\1", NOTHING, False),
    ("sack-blocks", b"\1\1\5\x0a" + bytes(8), NOTHING, False),
    ("ts-unaligned", b"\1" + TIMESTAMPS + b"\1", (None, None, False, True), False),
    ("ts-too-short", b"\1\1\1\x08\x09" + bytes(7), NOTHING, False),
    ("ts-too-long", b"\x08\x0b" + bytes(9) + b"\1", NOTHING, False),
    ("unknown", b"\xfd\6abcd\2\4\3\xe8\1\1", (1000, None, False, False), False),
    ("nothing-but-no-operations", b"\1" * 40, NOTHING, False),
    ("end-of-list", b"\0\0\0\0", NOTHING, False),
    ("length-0", b"\2\4\3\xe8\3\0\4\2", (1000, None, False, False), True),
    ("length-1", b"\2\4\3\xe8\3\1\4\2", (1000, None, False, False), True),
    ("length-beyond-the-header", b"\2\4\3\xe8\3\5\4\2", (1000, None, False, False), True),
    ("length-missing", b"\2\4\3\xe8\1\1\1\3", (1000, None, False, False), True),
    ("unknown-length-0", b"\xfd\0\2\4\3\xe8\1\1", NOTHING, True),
    ("mss-cut-off", b"\1\1\2\4", NOTHING, True),
)
WAYS = ("passive", "active", "both")  # who opens


def combinations():
    """Yield (name, options, agreed) for every set of OPTIONS."""
    made = [("", b"", NOTHING)]
    for name, option, meaning in OPTIONS:
        made += [
            (names + "-" + name, options + option, tuple([new or old for new, old in zip(meaning, agreed)]))
            for names, options, agreed in made
        ]
    return made


def cases():
    """Rows (id, way, family, options, agreed, malformed)."""
    made = [
        (way + name + "-" + family, way, family, options, agreed, False)
        for way in WAYS
        for family in ("v4", "v6")
        for name, options, agreed in combinations()
    ]
    return made + [
        (way + "-" + name, way, "v4", options, agreed, malformed)
        for way in ("passive", "active")
        for name, options, agreed, malformed in ODD
    ]


def opened(way, family, options, agreed):
    """Return a Peer whose SYN has these options, with the connection established."""
    _, scale, sack, ts = agreed
    peer = in_state("LISTEN" if way == "passive" else "SYN-SENT", b"", family == "v6", ROOM)
    if way != "passive":
        assert set(peer.last.options) == {2, 3, 4, 8} and peer.last.ts[1] == 0
    assert len(peer.send("S." if way == "active" else "S", options=options)) == 1
    if way != "active":
        syn = peer.last
        said = syn.wscale is not None, syn.sack_permitted, syn.ts is not None
        assert syn.flags == "S." and syn.mss == LARGEST[family] and said == (scale is not None, sack, ts)
        assert syn.wscale in (3, None) and (not ts or syn.ts[1] == TSVAL)
        peer.tcb = half_open(peer.host, peer)
    peer.ts = TSVAL if ts else None
    assert peer.send(".") == [] and state_of(peer) == "ESTABLISHED"
    return peer


@rows(cases())
def test_options_of_a_syn(way, family, options, agreed, malformed):
    """MUST-4, MUST-6, MUST-7, MUST-14, MUST-15, MUST-16, MUST-64, RFC2018-1, RFC6691-1, RFC7323-1, RFC7323-2,
    RFC7323-3, BAD-14."""
    mss, scale, sack, ts = agreed
    peer = opened(way, family, options, agreed)
    assert peer.host.drops == ({"tcp_options": 1} if malformed else {})
    assert peer.tcb.snd_wnd == 65535 << (scale or 0)
    peer.sent.clear()
    peer.write(bytes(3000))
    assert len(peer.sent[0].data) == min(mss or DEFAULT[family], LARGEST[family]) - (12 if ts else 0)
    (answer,) = peer.send(".", b"ahead", seq=100, ack=1)
    assert ("sack 100:105" in answer) == sack
    assert peer.last.win == (65535 if scale is None else ROOM >> 3)
    assert set([frame.ts is not None for frame in peer.sent]) == {ts}
