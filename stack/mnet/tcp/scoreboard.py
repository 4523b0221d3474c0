# scoreboard.py - the SACK scoreboard of data in flight: RFC 6675 section 3, with the transmission times that
# RACK needs (RFC 8985).
#
# Data that was sent at about the same time and has the same status is one Run, so that any window is a
# bounded number of runs whatever a peer SACKs. Positions are those of the send ring; a FIN takes one.
from micropython import const

from ..seq import M32, lt

IN_FLIGHT = const(0)
SACKED = const(1)
LOST = const(2)
_TICK = const(10)  # timestamp clock (output.py)


class Run:
    """Data up to position `end` (from the end of the previous run), last transmitted between the times
    `began` and `sent`."""

    def __init__(self):
        self.next = None
        self.end = self.began = self.sent = 0
        self.status = IN_FLIGHT
        self.retransmitted = False  # sent more than once


class Scoreboard:
    """The runs of one connection: at most half of `limit` from new data, `limit` with SACKs, twice that
    with retransmissions."""

    def __init__(self, limit):
        self.limit = limit
        self.first = self.last = None
        self.count = 0
        self.spare = Run()  # free list of Runs; never empty at first, so that there always is a first run
        self.start = 0  # position where the first run begins
        self.sacked = self.lost = 0  # bytes
        self.resent = 0  # bytes retransmitted since the caller set it to 0
        # RACK.xmit_ts and RACK.end_seq of the most recently sent data that was delivered, RACK.fack, and
        # whether reordering was seen (RFC 8985 6.2, steps 1 to 3).
        self.xmit_ts = self.end_seq = 0
        self.rtt = 0
        self.min_rtt = 1 << 60
        self.echo = -1  # TSecr of the segment being processed, in ticks; -1: none
        self.fack = 0
        self.reordering_seen = False

    def mark_sent(self, una, top, now, grain=0):
        """Begin a run of new data from `top` on, sent between `now` and `now` + `grain`. Data before `una`
        was acknowledged."""
        self.settle(una, top)
        run = self.last
        if run is None:
            run = self.first = self.last = self._new()
        elif una != top:
            new = None
            if self.count < self.limit >> 1 or run.status != IN_FLIGHT:
                new = self._new()
            if new is None:
                run.sent = now + grain
                return
            run.sent = min(run.sent, now)
            run.next = self.last = new
            run = new
        run.end = top
        run.began = now
        run.sent = now + grain
        run.status = IN_FLIGHT
        run.retransmitted = False

    def settle(self, una, top):
        """Set the range of data in flight to `una` .. `top`-1, and drop the runs before it."""
        self.start = una
        last = self.last
        if last is None:
            return
        last.end = top
        while self.first is not last and self.first.end <= una:
            self._drop_first()

    def advance(self, una, now):
        """Mark data before `una` delivered. Returns how many bytes are newly delivered."""
        news = 0
        while self.start < una:
            run = self.first
            end = min(run.end, una)
            n = end - self.start
            if run.status == SACKED:
                self.sacked -= n
            else:
                if run.status == LOST:
                    self.lost -= n
                news += n
                self._update_rack(run, end, now)
            self.start = end
            if end == run.end:
                if run is self.last:
                    break
                self._drop_first()
        return news

    def sack(self, start, end, now):
        """Mark start .. end-1 SACKed. Returns how many bytes are newly delivered."""
        news = 0
        at = self.start
        before = None
        run = self.first
        while run is not None and at < end:
            if run.status != SACKED and run.end > start:
                if at < start:
                    self._split(run, start, self.limit, now)
                elif run.end <= end or self._split(run, end, self.limit, now):
                    news += run.end - at
                    self._mark_sacked(run, at, now)
            at = run.end
            before = run = self._joined(before, run)
            run = run.next
        if run is not None and before is not None:
            self._joined(before, run)
        return news

    def _mark_sacked(self, run, at, now):
        n = run.end - at
        if run.status == LOST:
            self.lost -= n
        self.sacked += n
        run.status = SACKED
        self._update_rack(run, run.end, now)

    def mark_retransmitted(self, start, end, now):
        """Record the retransmission of start .. end-1."""
        at = self.start
        before = None
        run = self.first
        while run is not None and at < end:
            if run.status != SACKED and run.end > start:
                if at < start:
                    self._split(run, start, 2 * self.limit, now)
                else:
                    if run.end > end:
                        self._split(run, end, 2 * self.limit, now)
                    n = run.end - at
                    if run.status == LOST:
                        self.lost -= n
                    self.resent += n
                    run.status = IN_FLIGHT
                    run.retransmitted = True
                    run.began = run.sent = now
            at = run.end
            before = run = self._joined(before, run)
            run = run.next

    def detect(self, window, now):
        """Mark data lost that was sent long enough before delivered data (RFC 8985 6.2, step 5). Returns
        the time until the next check, 0 if none is needed."""
        wait = 0
        at = self.start
        before = None
        run = self.first
        while run is not None:
            if run.status == IN_FLIGHT:
                if self._sent_before(run):
                    left = min(run.sent, self.xmit_ts) + self.rtt + window - now
                    if left <= 0:
                        run.status = LOST
                        self.lost += run.end - at
                    elif left > wait:
                        wait = left
                elif not run.retransmitted:
                    break  # later runs were sent later still
            at = run.end
            before = self._joined(before, run)
            run = before.next
        return wait

    def _sent_before(self, run):
        """RACK_sent_after(RACK.xmit_ts, run). Sequence numbers break a tie only between first
        transmissions."""
        at = self.xmit_ts
        if run.sent < at:
            return True
        return run.end < self.end_seq and not run.retransmitted and (run.sent == at or run.began == at)

    def mark_all_lost(self):
        """Mark all data lost that is not SACKed, after a timeout. If the first run is SACKed the peer has
        reneged: SACKed data is lost as well (RFC 2018 section 8)."""
        reneged = self.first is not None and self.first.status == SACKED
        at = self.start
        run = self.first
        before = None
        while run is not None:
            if run.status == IN_FLIGHT or (reneged and run.status == SACKED):
                if run.status == SACKED:
                    self.sacked -= run.end - at
                run.status = LOST
                self.lost += run.end - at
            at = run.end
            before = self._joined(before, run)
            run = before.next

    def unmark_lost(self):
        """Mark all lost data in flight again: the loss was spurious."""
        run = self.first
        while run is not None:
            if run.status == LOST:
                run.status = IN_FLIGHT
            run = run.next
        self.lost = 0

    def first_lost(self):
        """Return the first lost run as (start, end). There must be one."""
        at = self.start
        run = self.first
        while run.status != LOST:
            at = run.end
            run = run.next
        return at, run.end

    def _update_rack(self, run, end, now):
        rtt = now - run.began
        if run.retransmitted and (
            rtt < self.min_rtt or (self.echo >= 0 and lt(self.echo, run.began >> _TICK & M32))
        ):
            return  # the ACK is for the original transmission: RFC 8985 6.2 step 2
        if rtt < self.min_rtt:
            self.min_rtt = rtt
        if run.began > self.xmit_ts or (run.began == self.xmit_ts and end > self.end_seq):
            self.xmit_ts = run.began
            self.end_seq = end
            self.rtt = rtt
        if end > self.fack:
            self.fack = end
        elif end < self.fack and not run.retransmitted:
            self.reordering_seen = True

    def _joined(self, before, run):
        """Merge two runs if they are alike. Returns the last of them."""
        if before is None or before.status != run.status:
            return run
        if run.status == IN_FLIGHT and not (
            before.retransmitted and run.retransmitted and before.sent == run.sent
        ):
            return run
        before.began = min(before.began, run.began)
        before.end = run.end
        before.next = run.next
        before.retransmitted = before.retransmitted or run.retransmitted
        if self.last is run:
            self.last = before
        self._free(run)
        return before

    def _split(self, run, at, limit, now):
        """Split a run. Returns False if there are too many, or no memory: the run then counts as sent now,
        because parts of it are delivered and parts are not, which only delays loss detection."""
        rest = self._new() if self.count < limit else None
        if rest is None:
            run.sent = now
            run.retransmitted = True
            return False
        rest.next = run.next
        rest.end = run.end
        rest.began = run.began
        rest.sent = run.sent
        rest.status = run.status
        rest.retransmitted = run.retransmitted
        run.next = rest
        run.end = at
        if self.last is run:
            self.last = rest
        return True

    def _drop_first(self):
        run = self.first
        self.first = run.next
        self._free(run)

    def _new(self):
        """Allocate a run; None if there is no memory."""
        run = self.spare
        if run is None:
            try:
                run = Run()
            except MemoryError:
                return None
        self.count += 1
        self.spare = run.next
        run.next = None
        return run

    def _free(self, run):
        self.count -= 1
        run.next = self.spare
        self.spare = run
