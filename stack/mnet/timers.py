# timers.py - a heap of deadlines; the time is an argument.
#
# A timer is any object with `due` (when the heap will expire it, NEVER if it is not in the heap), `slot` (its
# index in the heap) and `expire(now)`. Moving a deadline *later* costs nothing: the heap still expires the
# timer at the old time, expire() finds nothing due and arms it again. So a retransmission timer that every
# ACK restarts touches the heap once per RTO.
#
# Only admit() allocates: an admitted timer has a slot before it is armed, so that no timer stops when the
# interpreter's heap is full. A few timers need no admission, because their number is bounded and small.
from micropython import const

NEVER = const(1 << 60)
_UNADMITTED = const(64)
_AGAIN = const(100000)  # microseconds until a timer that failed for lack of memory expires again


class Deadlines:
    """A binary heap of timers ordered by `due`, in microseconds."""

    def __init__(self):
        self.slots = [None] * _UNADMITTED  # the heap is the first `count` slots
        self.count = 0
        self.admitted = 0

    @property
    def heap(self):
        """Return the timers in the heap as a new list."""
        return self.slots[: self.count]

    def admit(self):
        """Reserve a slot for a new timer, so that arming it needs no memory. MemoryError: nothing has
        changed."""
        slots = self.slots
        while len(slots) <= self.admitted + _UNADMITTED:
            slots.append(None)
        self.admitted += 1

    def dismiss(self, timer):
        """Remove an admitted timer and its slot."""
        self.disarm(timer)
        self.admitted -= 1
        slots = self.slots
        if len(slots) > self.count and len(slots) > self.admitted + _UNADMITTED + 1:
            slots.pop()

    def next(self):
        """Return the earliest deadline, or NEVER."""
        return self.slots[0].due if self.count else NEVER

    def arm(self, timer, at):
        """Expire `timer` at `at` or earlier."""
        if at >= timer.due:
            return
        if timer.due == NEVER:
            slot = self.count
            if slot == len(self.slots):
                self.slots.append(None)
            timer.slot = slot
            self.slots[slot] = timer
            self.count = slot + 1
        timer.due = at
        self._up(timer.slot)

    def disarm(self, timer):
        """Remove `timer` from the heap."""
        if timer.due == NEVER:
            return
        slots = self.slots
        slot = timer.slot
        timer.due = NEVER
        self.count -= 1
        last = slots[self.count]
        slots[self.count] = None
        if last is not timer:
            slots[slot] = last
            last.slot = slot
            self._down(slot)
            self._up(last.slot)

    def tick(self, now):
        """Expire every timer that is due; each may arm itself again, for later than `now`. A timer that
        fails for lack of memory expires again a little later, and those after it at the next tick."""
        while self.count and self.slots[0].due <= now:
            timer = self.slots[0]
            self.disarm(timer)
            try:
                timer.expire(now)
            except MemoryError:
                self.arm(timer, now + _AGAIN)
                raise

    def _up(self, slot):
        heap = self.slots
        timer = heap[slot]
        due = timer.due
        while slot:
            above = (slot - 1) >> 1
            other = heap[above]
            if other.due <= due:
                break
            heap[slot] = other
            other.slot = slot
            slot = above
        heap[slot] = timer
        timer.slot = slot

    def _down(self, slot):
        heap = self.slots
        timer = heap[slot]
        due = timer.due
        size = self.count
        while True:
            below = 2 * slot + 1
            if below >= size:
                break
            if below + 1 < size and heap[below + 1].due < heap[below].due:
                below += 1
            other = heap[below]
            if other.due >= due:
                break
            heap[slot] = other
            other.slot = slot
            slot = below
        heap[slot] = timer
        timer.slot = slot
