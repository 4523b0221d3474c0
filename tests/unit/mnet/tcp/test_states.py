# Segments in every state, at the edges of the receive window and of the data in flight; state_rules.py has
# the expected results.
from mnet.errors import ECONNREFUSED, ECONNRESET
from mnet.seq import add
from mnet.tcp.states import CLOSED, SYN_SENT
from support import rows
from unit.mnet.tcp.situations import SYNCHRONIZED, in_state, state_of
from unit.mnet.tcp.state_rules import RULES, deciding, expected

ENDS = {"reset": ECONNRESET, "refused": ECONNREFUSED, "over": 0}

# SND.UNA, SND.NXT and RCV.NXT behind ISS and IRS; data and a FIN are in flight where the state allows it.
SPACES = {
    "CLOSED": (0, 1, 0),
    "LISTEN": (0, 1, 0),
    "SYN-SENT": (0, 1, 0),
    "SYN-RECEIVED-passive": (0, 1, 1),
    "SYN-RECEIVED-active": (0, 1, 1),
    "ESTABLISHED": (1, 11, 1),
    "FIN-WAIT-1": (1, 12, 1),
    "FIN-WAIT-2": (12, 12, 1),
    "CLOSE-WAIT": (1, 11, 2),
    "CLOSING": (1, 12, 2),
    "LAST-ACK": (1, 12, 2),
    "TIME-WAIT": (12, 12, 2),
    "TIME-WAIT-listening": (12, 12, 2),
}
OURS = b"0123456789"
THEIRS = b"t"
WINDOW = 2048  # the right edge is IRS + 1 + WINDOW
SEG_WND = 5000
MAX_SND_WND = 65535
DELAY = 40000
TWO_MSL = 60000000

PLAIN = ("none", "SYN", "SYN+text", "SYN+FIN", "SYN+RST", "FIN", "FIN+PSH+URG+text", "RST")
ACKING = ("ACK", "SYN+ACK", "FIN+ACK", "RST+ACK", "RST+ACK+text", "PSH+ACK+text", "FIN+PSH+ACK+text")
LETTERS = {"SYN": "S", "FIN": "F", "RST": "R", "PSH": "P", "ACK": ".", "URG": "U"}


def cases():
    """Rows (id, state, segment, edge, ack, six): every segment at every edge of the window, and those with an
    ACK at every edge of the data in flight. Without a window the edges are the first and the last of all
    numbers."""
    made = []
    for state, (una, nxt, rcv) in SPACES.items():
        edges = ("outside-left", "left-edge", "right-edge", "outside-right") if rcv else ("first", "last")
        plain, acking = (("SYN", "SYN+FIN"), ()) if state == "TIME-WAIT-listening" else (PLAIN, ACKING)
        made += [(state, segment, edge, "") for segment in plain for edge in edges]
        made += [(state, segment, edge, "nxt") for segment in acking for edge in edges]
        if state not in ("CLOSED", "LISTEN"):
            acks = ["below", "old", "beyond"] + ["una"] * (una < nxt) + ["flight"] * (una + 1 < nxt)
            made += [(state, segment, edges[0], "beyond") for segment in acking]
            made += [(state, segment, edges[1], ack) for segment in acking for ack in acks]
    return [
        ("-".join([part for part in case if part]) + family,) + case + (family == "-v6",)
        for family in ("-v4", "-v6")
        for case in made
    ]


class Arrival:
    """A segment, and the connection that receives it. Numbers are relative to ISS and IRS, as a Peer's
    are."""

    def __init__(self, state, segment, edge, ack, six):
        self.state = state
        name = "TIME-WAIT" if state == "TIME-WAIT-listening" else state
        self.peer = peer = in_state(name, OURS if name in SYNCHRONIZED else b"", six, WINDOW)
        self.host = host = peer.host
        if state in SYNCHRONIZED:
            host.tcp.unlisten(host.tcp.listener(peer.lport, peer.local), host.now)
        if name == "TIME-WAIT":
            host.at(TWO_MSL // 2)
            host.tcp.initial_sequence = lambda tcb, now: add(peer.iss, 100000)
        host.drops.clear()
        self.una, self.nxt, self.rcv = SPACES[state]
        self.parts = segment.split("+")
        self.text = THEIRS if "text" in self.parts else b""
        self.length = len(self.text) + ("SYN" in self.parts) + ("FIN" in self.parts)
        self.seq = self.stands(edge)
        self.ack = self.acknowledges(ack)
        self.told = []

    def stands(self, edge):
        """Return SEG.SEQ."""
        return {
            "first": -self.peer.irs,
            "last": -self.peer.irs - 1,
            "outside-left": self.rcv - max(self.length, 1),
            "left-edge": self.rcv,
            "right-edge": WINDOW,
            "outside-right": WINDOW + 1,
        }[edge]

    def acknowledges(self, ack):
        """Return SEG.ACK."""
        return {
            "": -self.peer.iss,
            "below": self.una - MAX_SND_WND - 1,
            "old": self.una - MAX_SND_WND,
            "una": self.una,
            "flight": self.nxt - 1,
            "nxt": self.nxt,
            "beyond": self.nxt + 1,
        }[ack]

    def accepted(self):
        """Whether the user has the connection."""
        self.peer.tcb.on_readable = lambda: self.told.append("reader")
        self.peer.tcb.on_writable = lambda: self.told.append("writer")

    def happens(self):
        """Receive the segment."""
        peer, tcb = self.peer, self.peer.tcb
        if self.state == "SYN-RECEIVED-passive":
            tcb.listener.on_readable = self.accepted
        elif tcb is not None:
            self.accepted()
        self.before = tcb and (tcb.snd_wnd, tcb.close_at)
        peer.sent.clear()
        flags = "".join([LETTERS.get(part, "") for part in self.parts])
        peer.send(flags, self.text, seq=self.seq, ack=self.ack, win=SEG_WND)

    def sent(self):
        """Return flags, SEG.SEQ and SEG.ACK of the segments sent since the last call."""
        sent = [(frame.flags, frame.seq, frame.ack) for frame in self.peer.sent]
        self.peer.sent.clear()
        return sent

    def means(self, answer, rcv):
        """Return the meaning of an answer by name, when RCV.NXT is `rcv`."""
        iss, irs = self.peer.iss, self.peer.irs
        return {
            "-": [],
            "late": [],
            "ACK": [(".", add(iss, self.nxt), add(irs, rcv))],
            "RST": [("R", add(iss, self.ack), 0)],
            "RST+ACK": [("R.", 0, add(irs, self.seq + self.length))],
            "SYN+ACK": [("S.", self.host.tcp.initial_sequence(None, 0), add(irs, self.seq + 1))],
        }[answer]


@rows(cases())
def test_a_segment_arrives(state, segment, edge, ack, six):
    """MUST-11, MUST-12, SHLD-2, SHLD-31, RFC1337-1, RFC5961-1, RFC5961-2, RFC5961-3, BAD-23."""
    arrival = Arrival(state, segment, edge, ack, six)
    answer, becomes, effects, counted = expected(state, arrival.parts, edge, ack)
    rcv = arrival.seq + 1 if state == "SYN-SENT" and becomes != "CLOSED" else arrival.rcv
    rcv += len(arrival.text) * ("text" in effects) + ("end" in effects)
    arrival.happens()
    assert arrival.sent() == arrival.means(answer, rcv)
    assert becomes.startswith(state_of(arrival.peer))
    assert arrival.host.drops == {"tcp_" + name: 1 for name in counted}
    if arrival.peer.tcb is not None:
        numbers_are_right(arrival, effects, rcv)
        user_is_told(arrival, effects)
    arrival.host.at(DELAY)
    assert arrival.sent() == (arrival.means("ACK", rcv) if answer == "late" else [])
    if "kept" in effects:  # what is missing comes
        arrival.peer.send(".", bytes(WINDOW + 1 - rcv), seq=rcv, ack=arrival.nxt)
        assert arrival.sent() == arrival.means("ACK", arrival.seq + arrival.length)


def numbers_are_right(arrival, effects, rcv):
    peer, tcb = arrival.peer, arrival.peer.tcb
    if tcb.state == CLOSED:
        assert peer.gone(tcb.error)
        return
    una, wnd = (arrival.ack, SEG_WND) if "acked" in effects else (arrival.una, arrival.before[0])
    assert (tcb.snd_una, tcb.snd_wnd) == (add(peer.iss, una), wnd)
    assert tcb.rcv_nxt == add(peer.irs, rcv) or tcb.state == SYN_SENT
    if "2msl" in effects:
        assert tcb.close_at == arrival.host.now + TWO_MSL
    elif arrival.state == "TIME-WAIT":
        assert tcb.close_at == arrival.before[1]


def user_is_told(arrival, effects):
    peer = arrival.peer
    ends = [ENDS[effect] for effect in effects if effect in ENDS]
    assert ("reader" in arrival.told) == bool(ends or "text" in effects or "end" in effects)
    assert "writer" in arrival.told or not ends
    if ends or peer.tcb.state != CLOSED:
        assert peer.tcb.error == (ends[0] if ends else 0)
    assert peer.read()[0] == (arrival.text if "text" in effects else b"")


def test_every_rule_decides_something():
    used = []
    for _, state, segment, edge, ack, _ in cases():
        used += [rule for rule in deciding(state, segment.split("+"), edge, ack) if rule not in used]
    assert [rule for rule in RULES if rule not in used] == []
