# segments.py - the TCP fast path by itself: what one full-size segment costs, in and out, beside an empty
# loop of the same interpreter.
#
# Runs on MicroPython (unix build) and on CPython. Prints `name ns multiples bytes_allocated_per_segment`
# lines; `invoke bench` reads them.
#   in   an in-order segment of 1448 bytes from Interface.receive() to the receive ring, checksum verified,
# its share of the ACKs included
#   out  62 KiB from the queue of send() to 44 frames handed to the device with whole checksums, their ACKs
# processed
import gc
import time

from mnet.env import Env
from mnet.host import Host
from mnet.tcp import user
from mnet.tcp.output import acknowledge
from mnet.tcp.settings import Settings

MSS = 1448
RING = 131072


class Device:
    """Discards frames; keeps copies if `keep` is a list."""

    mtu = 1500
    features = 0

    def __init__(self, mac):
        self.mac = mac
        self.keep = None

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        """Take a frame."""
        if self.keep is not None:
            self.keep.append(bytes(memoryview(frame)[:n]))
        return True


def ticks():
    """Return nanoseconds."""
    return time.ticks_us() * 1000 if hasattr(time, "ticks_us") else time.perf_counter_ns()


def interface(number):
    """Return the interface of a host with the address 10.0.0.number."""
    device = Device(bytes((2, 0, 0, 0, 0, number)))
    made = Host(Env(lambda n: bytes(n), print)).add_interface(device, "net")
    made.ipv4.configure(0x0A000000 + number, 24, 0)
    return made


def pump(a, b, now):
    """Exchange frames until none are left."""
    while a.link.device.keep or b.link.device.keep:
        for source, sink in ((a, b), (b, a)):
            frames, source.link.device.keep = source.link.device.keep, []
            for frame in frames:
                sink.receive(bytearray(frame), len(frame), True, now)


def pair(now):
    """Return two hosts with an established connection: (our interface, our Tcb, the peer's, its Tcb)."""
    ours, peer = interface(1), interface(2)
    ours.link.device.keep, peer.link.device.keep = [], []
    listener = ours.host.tcp.listen(0, 9000, 4, Settings(RING, RING, False))
    route = peer.host.route(0x0A000001, now)
    theirs = peer.host.tcp.connect(route, 9000, 0, Settings(RING, RING), now)
    pump(ours, peer, now)
    return ours, listener.accept(), peer, theirs


def empty_loop(n):
    """Return the nanoseconds of one turn of an empty for loop."""
    start = ticks()
    for _ in range(n):
        pass
    return (ticks() - start) / n


def allocated():
    """Return the bytes allocated so far, if the interpreter reports them."""
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0


class In:
    """Segments of a peer that sends as fast as the window allows."""

    def __init__(self):
        self.now = 1000000
        self.interface, self.tcb, self.peer, theirs = pair(self.now)
        theirs.cwnd = RING
        chunk = bytes(range(256)) * 256
        user.send(theirs, chunk, 0, 44 * MSS, self.now)
        frames = self.peer.link.device.keep
        self.frames = [bytearray(frame) for frame in frames]
        self.interface.link.device.keep = None
        self.receive = self.interface.receive  # bound once: binding allocates
        self.sink = bytearray(RING)
        self.start = self.tcb.rcv_nxt

    def round(self):
        """Receive 44 segments. Returns nanoseconds."""
        now, receive = self.now, self.receive
        start = ticks()
        for frame in self.frames:
            receive(frame, 1514, True, now)
        spent = ticks() - start
        self.rewind()
        return spent

    def rewind(self):
        """Empty the ring and reset the sequence numbers, so that the same frames are the next data again."""
        tcb = self.tcb
        assert tcb.rx.head - tcb.rx.tail == 44 * MSS, tcb.rx.head - tcb.rx.tail
        tcb.rx.read(self.sink, 0, RING)
        tcb.rcv_wnd += 44 * MSS
        tcb.rcv_nxt = tcb.rcv_acked = self.start
        tcb.rcv_adv = (self.start + RING) & 0xFFFFFFFF
        tcb.ack_pending = False
        tcb.delack_at = 0


class Out:
    """62 KiB out, and the ACKs for every second segment of it back in."""

    def __init__(self):
        self.now = 1000000
        self.interface, self.tcb, peer, theirs = pair(self.now)
        self.start = self.tcb.snd_nxt
        self.data = bytes(range(256)) * 256
        self.count = 44
        self.tcb.cwnd = RING
        self.size = 44 * MSS
        user.send(self.tcb, self.data, 0, self.size, self.now)
        pump(self.interface, peer, self.now)
        assert self.tcb.snd_una == (self.start + self.size) & 0xFFFFFFFF
        # the peer's ACKs of that, to be received repeatedly
        self.rewind()
        self.interface.link.device.keep = None
        self.receive = self.interface.receive
        self.acks = self._record(peer, theirs)

    def _record(self, peer, theirs):
        acks = []
        for i in range(2, self.count + 1, 2):
            theirs.rcv_nxt = (self.start + i * MSS) & 0xFFFFFFFF
            peer.link.device.keep = []
            acknowledge(theirs, self.now)
            acks.append(bytearray(peer.link.device.keep[0]))
        return acks

    def round(self):
        """Send 44 segments. Returns nanoseconds."""
        tcb, now, receive = self.tcb, self.now, self.receive
        start = ticks()
        user.send(tcb, self.data, 0, self.size, now)
        for frame in self.acks:
            receive(frame, 66, True, now)
        spent = ticks() - start
        assert tcb.snd_nxt == (self.start + self.size) & 0xFFFFFFFF
        self.rewind()
        return spent

    def rewind(self):
        """Reset the state to before sending."""
        tcb = self.tcb
        tcb.tx.tail = tcb.tx.head
        tcb.snd_una = tcb.snd_nxt = tcb.snd_max = self.start
        tcb.cwnd = 10 * MSS
        tcb.ssthresh = 1 << 30
        tcb.rto_at = 0
        tcb.timed_seq = -1


def median(values):
    """Return the median."""
    return sorted(values)[len(values) // 2]


def main(rounds=250):
    """Run interleaved rounds of all three, and print medians."""
    cases = (("in", In()), ("out", Out()))
    times = {"in": [], "out": []}
    loops = []
    for _ in range(rounds):
        loops.append(empty_loop(2000))
        for name, case in cases:
            times[name].append(case.round())
    loop = median(loops)
    print("loop %.1f 1 0" % loop)
    for name, case in cases:
        gc.collect()
        gc.disable()
        before = allocated()
        for _ in range(10):
            case.round()
        grown = allocated() - before
        gc.enable()
        ns = median(times[name]) / 44
        print("%s %.0f %.1f %.2f" % (name, ns, ns / loop, grown / 440))


if __name__ == "__main__":
    main()
