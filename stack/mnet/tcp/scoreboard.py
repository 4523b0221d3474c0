# scoreboard.py - what has become of the text in flight: RFC 6675 section 3, with the times RFC 8985 needs.
#
# Text that was sent at about the same time and has had the same fate is one Run, so that a window of any size
# is a bounded number of them whatever a peer reports. Positions are those of the send ring; a FIN takes one.
from micropython import const

from ..seq import M32, lt

IN_FLIGHT = const(0)
SACKED = const(1)
LOST = const(2)
_TICK = const(10)  # the timestamp clock (output.py)


class Run:
    """Text up to position `end` (it begins where the one before ends), last sent from `began` to `sent`."""

    def __init__(self):
        self.next = None
        self.end = self.began = self.sent = 0
        self.fate = IN_FLIGHT
        self.again = False  # it was sent more than once


class Scoreboard:
    """The runs of one connection, at most `limit`; half of that for when text was sent, twice that while it
    is sent again piece by piece."""

    def __init__(self, limit):
        self.limit = limit
        self.first = self.last = None
        self.count = 0
        self.spare = Run()  # Runs to be used again, so that there always is a first
        self.start = 0  # where the first begins
        self.sacked = self.lost = 0  # bytes
        self.resent = 0  # bytes sent again since the caller set it to 0
        # RFC 8985 6.2, steps 1 to 3: of what has arrived, the last sent; the highest; whether an earlier came
        # after it
        self.newest_sent = self.newest_end = 0
        self.rtt = 0
        self.min_rtt = 1 << 60
        self.echo = -1  # the timestamp that the peer's segment brings back, in the clock's ticks; -1: none
        self.highest = 0
        self.reordered = False

    def begin(self, una, top, now, grain=0):
        """What comes from `top` on is sent now, or so much later; what lies before `una` has arrived."""
        self.settle(una, top)
        run = self.last
        if run is None:
            run = self.first = self.last = self._new()
        elif una != top:
            new = None
            if self.count < self.limit >> 1 or run.fate != IN_FLIGHT:
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
        run.fate = IN_FLIGHT
        run.again = False

    def settle(self, una, top):
        """The text in flight is that from `una` to `top`: forget what lies before."""
        self.start = una
        last = self.last
        if last is None:
            return
        last.end = top
        while self.first is not last and self.first.end <= una:
            self._drop_first()

    def advance(self, una, now):
        """All before `una` has arrived. Returns how many bytes of that are news."""
        news = 0
        while self.start < una:
            run = self.first
            end = min(run.end, una)
            n = end - self.start
            if run.fate == SACKED:
                self.sacked -= n
            else:
                if run.fate == LOST:
                    self.lost -= n
                news += n
                self._arrived(run, end, now)
            self.start = end
            if end == run.end:
                if run is self.last:
                    break
                self._drop_first()
        return news

    def sack(self, start, end, now):
        """The peer has start .. end-1. Returns how many bytes of that are news."""
        news = 0
        at = self.start
        before = None
        run = self.first
        while run is not None and at < end:
            if run.fate != SACKED and run.end > start:
                if at < start:
                    self._split(run, start, self.limit, now)
                elif run.end <= end or self._split(run, end, self.limit, now):
                    news += run.end - at
                    self._take(run, at, now)
            at = run.end
            before = run = self._joined(before, run)
            run = run.next
        if run is not None and before is not None:
            self._joined(before, run)
        return news

    def _take(self, run, at, now):
        n = run.end - at
        if run.fate == LOST:
            self.lost -= n
        self.sacked += n
        run.fate = SACKED
        self._arrived(run, run.end, now)

    def sent_again(self, start, end, now):
        """start .. end-1 has left once more."""
        at = self.start
        before = None
        run = self.first
        while run is not None and at < end:
            if run.fate != SACKED and run.end > start:
                if at < start:
                    self._split(run, start, 2 * self.limit, now)
                else:
                    if run.end > end:
                        self._split(run, end, 2 * self.limit, now)
                    n = run.end - at
                    if run.fate == LOST:
                        self.lost -= n
                    self.resent += n
                    run.fate = IN_FLIGHT
                    run.again = True
                    run.began = run.sent = now
            at = run.end
            before = run = self._joined(before, run)
            run = run.next

    def detect(self, window, now):
        """RFC 8985 6.2, step 5: what was sent long enough before something that has arrived is lost. Returns
        how long to wait before looking again, 0 if there is nothing to wait for."""
        wait = 0
        at = self.start
        before = None
        run = self.first
        while run is not None:
            if run.fate == IN_FLIGHT:
                if self._before_newest(run):
                    left = min(run.sent, self.newest_sent) + self.rtt + window - now
                    if left <= 0:
                        run.fate = LOST
                        self.lost += run.end - at
                    elif left > wait:
                        wait = left
                elif not run.again:
                    break  # what follows was sent later still
            at = run.end
            before = self._joined(before, run)
            run = before.next
        return wait

    def _before_newest(self, run):
        """Of what was sent at the same time the order is known only if it was the first time."""
        at = self.newest_sent
        if run.sent < at:
            return True
        return run.end < self.newest_end and not run.again and (run.sent == at or run.began == at)

    def lose(self):
        """After a time-out all of it is lost. If the peer has not taken what it said it had, it has thrown
        away the rest as well (RFC 2018 section 8)."""
        reneged = self.first is not None and self.first.fate == SACKED
        at = self.start
        run = self.first
        before = None
        while run is not None:
            if run.fate == IN_FLIGHT or (reneged and run.fate == SACKED):
                if run.fate == SACKED:
                    self.sacked -= run.end - at
                run.fate = LOST
                self.lost += run.end - at
            at = run.end
            before = self._joined(before, run)
            run = before.next

    def find(self):
        """Nothing was lost after all."""
        run = self.first
        while run is not None:
            if run.fate == LOST:
                run.fate = IN_FLIGHT
            run = run.next
        self.lost = 0

    def first_lost(self):
        """The first run that is lost, as (start, end), where there is one."""
        at = self.start
        run = self.first
        while run.fate != LOST:
            at = run.end
            run = run.next
        return at, run.end

    def _arrived(self, run, end, now):
        rtt = now - run.began
        if run.again and (rtt < self.min_rtt or (self.echo >= 0 and lt(self.echo, run.began >> _TICK & M32))):
            return  # that was the first one, not this: RFC 8985 6.2 step 2
        if rtt < self.min_rtt:
            self.min_rtt = rtt
        if run.began > self.newest_sent or (run.began == self.newest_sent and end > self.newest_end):
            self.newest_sent = run.began
            self.newest_end = end
            self.rtt = rtt
        if end > self.highest:
            self.highest = end
        elif end < self.highest and not run.again:
            self.reordered = True

    def _joined(self, before, run):
        """One run of the two if they are alike; returns the last of them."""
        if before is None or before.fate != run.fate:
            return run
        if run.fate == IN_FLIGHT and not (before.again and run.again and before.sent == run.sent):
            return run
        before.began = min(before.began, run.began)
        before.end = run.end
        before.next = run.next
        before.again = before.again or run.again
        if self.last is run:
            self.last = before
        self._free(run)
        return before

    def _split(self, run, at, limit, now):
        """Cut a run in two. False if there would be too many, or too little memory: it stays whole, and as
        nobody knows what of it has arrived it counts as sent now, which only makes us wait longer."""
        rest = self._new() if self.count < limit else None
        if rest is None:
            run.sent = now
            run.again = True
            return False
        rest.next = run.next
        rest.end = run.end
        rest.began = run.began
        rest.sent = run.sent
        rest.fate = run.fate
        rest.again = run.again
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
        """A run, None if there is no memory for it."""
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
