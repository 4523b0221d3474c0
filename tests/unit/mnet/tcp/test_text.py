# Data in every order and overlap: delivery and ACKs. Receiver is the reference: it counts octets where the
# stack has ranges.
from support import rows
from unit.mnet.builders import Host

ROOM = 64  # of the receive buffer


class Receiver:
    """A reference receiver (RFC 9293 3.10.7.4, RFC 5681 4.2, RFC 2018 section 4, RFC 2883 section 4) whose
    user does not read. Delivered data stays; of queued data the later segment wins."""

    def __init__(self, sack):
        self.sack = sack
        self.octets = {}
        self.nxt = 0  # everything before has come
        self.segments = []  # the latest first
        self.owes = False  # an acknowledgement, later

    def arrives(self, start, text):
        """Return the immediate ACK, as builders.describe() formats it, or None."""
        end = start + len(text)
        twice = self.first_of([at for at in range(start, end) if at in self.octets])
        waited = len(self.octets) > self.nxt
        nxt = self.nxt
        if nxt <= start < ROOM or nxt < end <= ROOM:  # one end of it is in the window
            for at in range(max(start, nxt), min(end, ROOM)):
                self.octets[at] = text[at - start]
            self.segments.insert(0, (start, min(end, ROOM)))
        while self.nxt in self.octets:
            self.nxt += 1
        if self.nxt > nxt and not (waited or self.owes or (self.sack and twice)):
            self.owes = True
            return None
        return self.acknowledges(twice)

    def acknowledges(self, twice=()):
        """Return the ACK: first the D-SACK, then the blocks of the latest segments."""
        self.owes = False
        blocks = [twice] if twice else []
        for start, end in self.segments:
            if max(start, self.nxt) < end:
                block = self.around(start)
                if block not in blocks[bool(twice) :]:
                    blocks.append(block)
        text = ". 1:1(0) ack %d" % (self.nxt + 1)
        if self.sack and blocks:
            text += " sack " + " ".join(["%d:%d" % (start + 1, end + 1) for start, end in blocks[:4]])
        return text

    def first_of(self, octets):
        """Return the first contiguous run of these octets, or ()."""
        if not octets:
            return ()
        end = octets[0]
        while end in octets:
            end += 1
        return octets[0], end

    def around(self, at):
        """Return the SACK block that contains an octet."""
        start = end = at
        while start - 1 in self.octets:
            start -= 1
        while end in self.octets:
            end += 1
        return start, end

    def holes(self):
        """Return the octets missing below the right edge of the window."""
        missing = [at for at in range(ROOM) if at not in self.octets]
        found = []
        while missing:
            found.append(self.first_of(missing))
            missing = missing[found[-1][1] - found[-1][0] :]
        return found


class Stream:
    """A connection with a buffer of ROOM octets, and a Receiver with the same input."""

    def __init__(self, sack):
        self.host = Host()
        self.peer = self.host.peer(sack=sack)
        self.peer.connect(self.host.listen(rcv_buf=ROOM))
        self.receiver = Receiver(sack)
        self.count = 0

    def put(self, start, end):
        """Receive a segment on both; each segment has different octets."""
        self.count += 1
        text = bytes([(at * 5 + self.count * 71) & 0xFF for at in range(start, end)])
        answer = self.receiver.arrives(start, text)
        assert self.peer.send("P.", text, seq=1 + start) == ([] if answer is None else [answer])

    def wait(self):
        """Wait for delayed ACKs."""
        assert self.host.at(40000) == ([self.receiver.acknowledges()] if self.receiver.owes else [])

    def ends(self):
        """Send the missing octets, read all data, close both ends, and check that no state is left."""
        peer = self.peer
        for start, end in self.receiver.holes():
            self.put(start, end)
        self.wait()
        assert peer.read()[0] == bytes([self.receiver.octets[at] for at in range(ROOM)])
        assert peer.send("F.", seq=1 + ROOM) != [] and peer.close() != []
        assert peer.send(".", seq=2 + ROOM) == [] and peer.gone()
        assert self.host.tcp.memory.used == 0


# Return where a segment can begin and end when 0 .. 9 was delivered, and how much must be queued for that.
WAITING = ((20, 30), (40, 50))
PLACES = (
    ("old", 3, 7, 0),
    ("nxt", 10, 10, 0),
    ("gap", 13, 17, 0),
    ("left", 20, 20, 1),
    ("in", 23, 27, 1),
    ("right", 30, 30, 1),
    ("gap2", 33, 37, 2),
    ("left2", 40, 40, 2),
    ("in2", 43, 47, 2),
    ("right2", 50, 50, 2),
    ("ahead", 53, 57, 1),
    ("edge", ROOM, ROOM, 0),
    ("outside", ROOM + 3, ROOM + 7, 0),
)


def overlaps():
    """Rows (id, how many of WAITING wait, start, end, sack)."""
    made = []
    for count in (0, 1, 2):
        places = [place for place in PLACES if place[3] <= count]
        for i, (begins, start, _, _) in enumerate(places):
            for ends, _, end, _ in places[i:]:
                for sack in ("", "-sack"):
                    if start < end:
                        name = "%d-wait-%s-to-%s" % (count, begins, ends) + sack
                        made.append((name, count, start, end, sack != ""))
    return made


@rows(overlaps())
def test_overlapping_data(count, start, end, sack):
    """RFC2018-2, RFC2883-1, RFC5681-3, SHLD-31."""
    stream = Stream(sack)
    stream.put(0, 10)
    if sack:  # else its acknowledgement is still owed
        stream.wait()
    for waits in WAITING[:count]:
        stream.put(*waits)
    stream.put(start, end)
    stream.wait()
    stream.ends()


def orders():
    """Rows (id, order of five segments, how often each comes)."""
    made = [()]
    for _ in range(5):
        made = [order + (i,) for order in made for i in range(5) if i not in order]
    return [
        ("".join([str(i + 1) for i in order]) + name, order, count)
        for order in made
        for name, count in (("", 1), ("-each-twice", 2))
    ]


@rows(orders())
def test_data_in_any_order(order, count):
    """RFC2018-2, RFC2883-1, RFC5681-3, MUST-59, SHLD-31."""
    stream = Stream(True)
    for i in order:
        for _ in range(count):
            stream.put(i * 10, i * 10 + 10)
    stream.wait()
    stream.ends()
