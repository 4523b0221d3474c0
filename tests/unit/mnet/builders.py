# builders.py - a stack in a state, a peer that speaks TCP by hand, and what the stack answers in tcpdump's
# words:
#
#     host = Host()
#     peer = host.peer()
#     tcb = peer.connect()                       # S, S., . : our side is ESTABLISHED
#     assert peer.send("P.", b"hello") == []     # its ACK is delayed ...
#     assert host.at(40000) == [". 1:1(0) ack 6"]
#
# Numbers are relative to the two initial sequence numbers. After every frame and every tick sane() looks at
# the whole state of every connection, and read() at every byte of every frame sent.
import struct

from mnet.env import Env
from mnet.errors import EHOSTUNREACH
from mnet.host import Host as InternetHost
from mnet.limits import SECOND
from mnet.seq import diff
from mnet.tcp import user
from mnet.tcp.settings import Settings
from mnet.tcp.states import CLOSED, ESTABLISHED, FIN_WAIT_2, NAMES, TIME_WAIT
from mnet.timers import NEVER
from unit.mnet import frames
from unit.mnet.frames import ACK, FIN, OUR_MAC, OURS, PEER, PEER_MAC, SYN
from unit.mnet.sending import open_connection

ISS = 5000  # ours, unless a test wants another
START = 1000 * SECOND


class Wire:
    """A device that keeps what is written to it. It refuses while it is `full`, or without() room."""

    def __init__(self, features=0, mtu=1500):
        self.mac = OUR_MAC
        self.mtu = mtu
        self.features = features
        self.sent = []
        self.full = False
        self.without = lambda: False
        self.refused = 0

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        """As mkernel.Net.write."""
        if self.full or self.without():
            self.refused += 1
            return False
        assert 0 < n <= len(frame)
        if gso_size:
            assert csum_start and n - 54 > gso_size
        else:
            assert n <= 14 + self.mtu
        self.sent.append((bytes(memoryview(frame)[:n]), csum_start, csum_offset, gso_size))
        return True


class Host:
    """A host with the address 10.0.0.1/24, the neighbor 10.0.0.2 resolved, and a clock."""

    def __init__(self, features=0, mtu=1500, iss=ISS, gateway=0, known=True, configure=True):
        self.wire = Wire(features, mtu)
        self.log = []
        self.now = START
        self.answers_arp = True
        self.arps = []  # ARP frames the stack has sent
        self.others = []  # ICMP and UDP
        self.peers = []
        self.stack = InternetHost(Env(lambda n: b"\x5a" * n, self.log.append))
        self.interface = self.stack.add_interface(self.wire, "net")
        self.tcp = self.stack.tcp
        if iss is not None:
            self.tcp.initial_sequence = lambda tcb, now: iss
        if configure:
            self.interface.ipv4.configure(OURS, 24, gateway)
            self.take()
            self.arps = []
        if known:
            self.interface.arp.neighbors.learn(PEER, PEER_MAC, self.now, True)

    @property
    def drops(self):
        """The drop counters."""
        return self.stack.stats.drops

    def dropped(self, reason):
        """Return how many packets were dropped for this reason, and assert that none was for another, since
        the last call."""
        drops = self.stack.stats.drops
        n = drops.pop(reason, 0)
        assert not drops, (reason, drops)
        return n

    def input(self, data, verify=True):
        """Receive a frame. Returns the TCP segments that the stack sends in reply."""
        buf = bytearray(data)
        self.interface.receive(buf, len(buf), verify, self.now)
        self.check()
        return self.take()

    def at(self, delay):
        """Let so many microseconds pass. Returns the TCP segments sent by timers."""
        self.now += delay
        self.stack.tick(self.now)
        self.check()
        return self.take()

    def next(self):
        """Go to the stack's next deadline. Returns (the delay, the segments sent then)."""
        due = self.stack.deadline()
        assert due != NEVER, "no deadline"
        delay = max(0, due - self.now)
        return delay, self.at(delay)

    def until(self, condition, limit=1000):
        """Go from deadline to deadline until condition(). Returns the segments sent."""
        sent = []
        for _ in range(limit):
            if condition():
                return sent
            sent += self.next()[1]
        raise AssertionError("never")

    def connect(self, remote, rport, lport, snd_buf, rcv_buf, now, local=None, settings=None):
        """Open a connection from the stack. Returns the Tcb, or a negative errno."""
        return open_connection(self.stack, remote, rport, lport, snd_buf, rcv_buf, now, local, settings)

    def take(self):
        """Return the TCP segments sent since the last call, in tcpdump's format. Neighbors answer ARP
        requests."""
        texts = []
        while self.wire.sent:
            frame = frames.read(*self.wire.sent.pop(0))
            if frame.kind == "arp":
                self.arps.append(frame)
                if frame.operation == 1 and frame.target != OURS and self.answers_arp:
                    self.interface.receive(*self._arp_reply(frame))
            elif frame.kind == "tcp":
                texts.append(self._tcp(frame))
            else:
                self.others.append(frame)
        return texts

    def _arp_reply(self, frame):
        mac = b"\x02\0\0\0\0" + bytes((frame.target & 0xFF,))
        reply = bytearray(frames.arp(2, mac, frame.target, OUR_MAC, OURS))
        return reply, len(reply), True, self.now

    def _tcp(self, frame):
        for peer in self.peers:
            if (peer.rport, peer.address, peer.lport) == (frame.dport, frame.dst, frame.sport):
                return peer.receive(frame)
        return "%s %d:%d(%d) ack %d" % (frame.flags, frame.seq, frame.seq, len(frame.data), frame.ack)

    def check(self):
        """Check the invariants that hold between two events."""
        assert self.stack.stats.bugs == 0
        check_heap(self.stack.deadlines)
        count = 0
        for lport, connections in self.tcp.ports.items():
            assert connections
            for key, tcb in connections.items():
                assert key == tcb.key and lport == tcb.lport
                count += 1
                sane(tcb)
        assert count == self.tcp.count
        assert all([tcb.state == TIME_WAIT for tcb in self.tcp.time_waits])

    def peer(self, **what):
        """Return another Peer."""
        peer = Peer(self, **what)
        self.peers.insert(0, peer)
        return peer

    def listen(
        self, port=9000, backlog=16, snd_buf=65536, rcv_buf=65536, nodelay=False, address=0, reuse=False
    ):
        """Return a Listener."""
        settings = Settings(snd_buf, rcv_buf, nodelay).but("reuse", reuse)
        return self.tcp.listen(address, port, backlog, settings)


class Peer:
    """The other end of one connection, scripted by the test: seq and ack are the numbers of its next segment
    by default; `sent` are the Frames received by it, `last` the latest of them."""

    def __init__(
        self,
        host,
        lport=9000,
        rport=40000,
        address=PEER,
        local=OURS,
        irs=1000,
        iss=ISS,
        mss=1460,
        ts=None,
        wscale=None,
        sack=False,
    ):
        self.host = host
        self.lport, self.rport, self.address, self.local = lport, rport, address, local
        self.irs = irs  # the peer's initial sequence number: the stack's IRS
        self.iss = iss  # the stack's
        self.mss, self.ts, self.wscale, self.sack = mss, ts, wscale, sack
        self.seq = self.ack = 0
        self.win = 65535
        self.sent = []
        self.tcb = None
        self.ts_recent = 0

    @property
    def last(self):
        """Return the last segment that the stack sent to this peer."""
        return self.sent[-1]

    def receive(self, frame):
        """Receive a segment from the stack. Returns its description."""
        if frame.bits & SYN and not frame.bits & ACK or frame.bits & SYN and self.seq == 1:
            self.iss = frame.seq
        frame.rel = diff(frame.seq, self.iss)
        frame.rel_ack = diff(frame.ack, self.irs) if frame.bits & ACK else None
        end = frame.rel + len(frame.data) + bool(frame.bits & SYN) + bool(frame.bits & FIN)
        if frame.rel <= self.ack < end:  # data before it counts as received
            self.ack = end
        if frame.ts:
            self.ts_recent = frame.ts[0]
        frame.sack = [(diff(start, self.irs), diff(end, self.irs)) for start, end in frame.sack]
        self.sent.append(frame)
        return describe(frame)

    def options(self, flags, sack=()):
        """Return the acknowledgement number that a real peer would send."""
        options = b""
        if "S" in flags:
            if self.mss is not None:
                options += struct.pack("!BBH", 2, 4, self.mss)
            if self.wscale is not None:
                options += struct.pack("!BBBB", 1, 3, 3, self.wscale)
            if self.sack:
                options += b"\1\1\4\2"
        if self.ts is not None:
            options += struct.pack("!BBBBII", 1, 1, 8, 10, self.ts & 0xFFFFFFFF, self.ts_recent)
        if sack:
            options += struct.pack("!BBBB", 1, 1, 5, 2 + 8 * len(sack))
            for start, end in sack:
                options += struct.pack("!II", (self.iss + start) & 0xFFFFFFFF, (self.iss + end) & 0xFFFFFFFF)
        return options

    def frame(self, flags, data=b"", seq=None, ack=None, win=None, options=None, sack=(), **ip):
        """Return the bytes of a segment from this peer."""
        seq = self.seq if seq is None else seq
        ack = self.ack if ack is None else ack
        return frames.tcp(
            flags,
            (self.irs + seq) & 0xFFFFFFFF,
            (self.iss + ack) & 0xFFFFFFFF if "." in flags else 0,
            self.win if win is None else win,
            data,
            self.options(flags, sack) if options is None else options,
            self.rport,
            self.lport,
            self.address,
            ip.pop("dst", self.local),
            **ip,
        )

    def send(self, flags, data=b"", seq=None, ack=None, win=None, options=None, sack=(), **ip):
        """Send a segment and return the stack's segments. Without `seq` it is the next one, and the
        numbers advance."""
        frame = self.frame(flags, data, seq, ack, win, options, sack, **ip)
        if seq is None:
            self.seq += len(data) + ("S" in flags) + ("F" in flags)
        return self.host.input(frame)

    def connect(self, listener=None):
        """Open a connection to the stack by three segments. Returns its Tcb."""
        host = self.host
        listener = listener or host.tcp.listener(self.lport, self.local) or host.listen(self.lport)
        answer = self.send("S")
        assert answer == ["S. 0:0(0) ack 1"], answer
        assert self.send(".") == []
        tcb = self.tcb = listener.accept()
        assert tcb.state == ESTABLISHED
        return tcb

    def accept(self, snd_buf=65536, rcv_buf=65536):
        """Let the stack open a connection to this peer. Returns its Tcb."""
        host = self.host
        tcb = host.connect(self.address, self.rport, 0, snd_buf, rcv_buf, host.now)
        assert not isinstance(tcb, int), tcb
        self.lport = tcb.lport
        self.tcb = tcb
        assert host.take() == ["S 0:0(0)"]
        assert self.send("S.") == [". 1:1(0) ack 1"]
        assert tcb.state == ESTABLISHED
        return tcb

    # The stack's user

    def write(self, data):
        """Send data as the user, and assert that all of it is accepted. Returns the segments sent."""
        assert user.send(self.tcb, data, 0, len(data), self.host.now) == len(data)
        self.host.check()
        return self.host.take()

    def read(self, n=1 << 20):
        """Read as the user. Returns (bytes, the segments sent)."""
        buf = bytearray(min(n, self.tcb.rx.size))
        n = user.receive(self.tcb, buf, 0, len(buf), self.host.now)
        self.host.check()
        return bytes(buf[:n]), self.host.take()

    def shutdown(self):
        """Shut down sending as the user. Returns the segments sent."""
        user.shutdown(self.tcb, self.host.now)
        self.host.check()
        return self.host.take()

    def close(self):
        """Close as the user. Returns the segments sent."""
        user.close_and_release(self.tcb, self.host.now)
        self.host.check()
        return self.host.take()

    def abort(self):
        """Abort as the user. Returns the segments sent."""
        user.abort(self.tcb, self.host.now)
        self.host.check()
        return self.host.take()

    def state(self):
        """Return the name of the connection's state."""
        return NAMES[self.tcb.state]

    def gone(self, error=0):
        """Assert that the connection is deleted and no state is left."""
        tcb, host = self.tcb, self.host
        assert (NAMES[tcb.state], tcb.error) == ("CLOSED", error)
        assert tcb.due == NEVER and tcb not in host.stack.deadlines.heap
        assert tcb not in host.tcp.ports.get(self.lport, {}).values()
        assert not any([tcb in listener.syn_queue for listener in host.tcp.listeners.get(self.lport, ())])
        assert tcb.tx.buf is None and not (tcb.rto_at or tcb.delack_at or tcb.close_at or tcb.reorder_at)
        return True


def describe(frame):
    """Return a Frame in tcpdump's format, with relative numbers."""
    n = len(frame.data)
    text = "%s %d:%d(%d)" % (frame.flags, frame.rel, frame.rel + n, n)
    if frame.rel_ack is not None:
        text += " ack %d" % frame.rel_ack
    if frame.sack:
        text += " sack " + " ".join(["%d:%d" % block for block in frame.sack])
    return text


def check_heap(deadlines):
    """Assert that the heap is ordered, and that every timer has its index."""
    heap = deadlines.heap
    for slot, timer in enumerate(heap):
        assert timer.slot == slot and timer.due < NEVER
        assert slot == 0 or heap[(slot - 1) >> 1].due <= timer.due


def sane(tcb):
    """Check the invariants of a connection."""
    state = tcb.state
    assert state != CLOSED, "a closed connection is in the table"
    una, nxt, top = tcb.snd_una, tcb.snd_nxt, tcb.snd_max
    outstanding = diff(top, una)
    assert 0 <= diff(nxt, una) <= outstanding, "snd_una <= snd_nxt <= snd_max"
    for name in ("iss", "snd_una", "snd_nxt", "snd_max", "irs", "rcv_nxt", "rcv_adv", "ts_recent"):
        assert 0 <= getattr(tcb, name) <= 0xFFFFFFFF, name
    for ring in (tcb.tx, tcb.rx):
        assert 0 <= ring.head - ring.tail <= ring.size
        assert ring.end <= ring.tail + (0 if ring.buf is None else len(ring.buf)) <= ring.tail + ring.size
        assert ring.buf is not None or ring.head == ring.tail
    _sane_sender(tcb, outstanding)
    _sane_receiver(tcb)
    _sane_timers(tcb, outstanding)


def _sane_sender(tcb, outstanding):
    queued = tcb.tx.head - tcb.tx.tail
    if tcb.state >= ESTABLISHED and not tcb.fin_acked:
        assert outstanding <= queued + (tcb.fin_seq >= 0), "more was sent than there is"
        assert tcb.snd_mss > 0 and tcb.cwnd >= tcb.snd_mss and tcb.gso % tcb.snd_mss == 0
        assert tcb.ssthresh >= 2 * tcb.snd_mss

    sender = tcb.sender
    if sender is None:
        return
    sane_board(sender.board)
    assert tcb.outside_pipe == sender.board.sacked + sender.board.lost <= outstanding
    assert tcb.snd_nxt == tcb.snd_max and sender.recover_fs >= 0


def sane_board(board):
    """Check that the runs are contiguous and the sums match them."""
    at, sums, count = board.start, [0, 0, 0], 0
    run = board.first
    while run is not None:
        if run.next is not None:
            assert run is not board.last
            n = run.end - at if count else max(run.end - at, 0)
            assert n > 0 or not count
            sums[run.status] += n
            at = run.end
        elif run.status:
            sums[run.status] += max(run.end - at, 0)
        count += 1
        assert run.next is not None or run is board.last
        run = run.next
    assert [board.sacked, board.lost] == sums[1:] and board.count == count <= 2 * board.limit


def _sane_receiver(tcb):
    if tcb.state < ESTABLISHED:
        return
    used = tcb.rx.head - tcb.rx.tail
    if tcb.rcv_fin < 0 or tcb.rcv_fin != (tcb.rcv_nxt - 1) & 0xFFFFFFFF:
        assert tcb.rcv_wnd == tcb.rx.size - used, "room"
        assert diff(tcb.rcv_adv, tcb.rcv_nxt) <= tcb.rcv_wnd, "more was promised than there is room for"
    edge = tcb.rx.head
    assert len(tcb.out_of_order.ranges) <= tcb.out_of_order.limit
    for start, end in tcb.out_of_order.ranges:
        assert edge < start < end <= tcb.rx.tail + tcb.rx.size
        edge = end
    if tcb.predicted >= 0:
        assert tcb.predicted == (2 if tcb.ts_on else 1) and not tcb.out_of_order.ranges and not tcb.recovery


def _sane_timers(tcb, outstanding):
    deadlines = (tcb.rto_at, tcb.delack_at, tcb.close_at, tcb.mss_at, tcb.reorder_at, tcb.keep_at)
    paced = tcb.pacer.due if tcb.pacer is not None else 0
    deadlines = [at for at in deadlines + (paced,) if at]
    assert all([at >= tcb.due for at in deadlines]), "a deadline the heap does not know"
    if tcb.due != NEVER:
        assert tcb.tcp.deadlines.heap[tcb.slot] is tcb
    if tcb.stalled:
        assert tcb in tcb.link.stalled
        return
    if tcb.state < ESTABLISHED or (outstanding and tcb.state != TIME_WAIT):
        assert tcb.rto_at, "outstanding, and no timer"
    if tcb.state == TIME_WAIT or (tcb.state == FIN_WAIT_2 and tcb.orphan):
        assert tcb.close_at, "nothing ends it"
    unsent = tcb.tx.head - tcb.tx.tail - outstanding
    if ESTABLISHED <= tcb.state < TIME_WAIT and unsent > 0:
        assert tcb.rto_at or paced, "queued, and no timer"
    no_way = tcb.error == EHOSTUNREACH  # the peer retransmits
    if tcb.rcv_acked != tcb.rcv_nxt and ESTABLISHED <= tcb.state and not no_way:
        assert tcb.delack_at, "received, and no ACK is on its way"
