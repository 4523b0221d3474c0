# timers.py - deadlines in one heap; no clock inside.
#
# A timer is any object with `due` (when the heap will look at it, NEVER when it is not in the heap), `slot`
# (its place in the heap) and `expire(now)`. Moving a deadline *later* costs nothing: the heap still looks at
# the old time, expire() finds nothing due and arms again. So a retransmission timer that is pushed back by
# every acknowledgement touches the heap once in an RTO.
#
# Only admit() asks for memory: the place of an admitted timer is there before it is armed, and a full heap of
# the interpreter stops no timer. A few need no admission, because their number is bounded and small.
from micropython import const

NEVER = const(1 << 60)
_UNADMITTED = const(64)
_AGAIN = const(100000)  # microseconds until a timer that found no memory expires again


class Deadlines:
    """A binary heap of timers ordered by `due`, in microseconds."""

    def __init__(self):
        self.slots = [None] * _UNADMITTED  # the heap is the first `count` of them
        self.count = 0
        self.admitted = 0

    @property
    def heap(self):
        """The timers in the heap, as a list of its own."""
        return self.slots[: self.count]

    def admit(self):
        """There is one more timer, which may be armed without memory from now on. MemoryError: there is none,
        and nothing has changed."""
        slots = self.slots
        while len(slots) <= self.admitted + _UNADMITTED:
            slots.append(None)
        self.admitted += 1

    def dismiss(self, timer):
        """An admitted timer is gone."""
        self.disarm(timer)
        self.admitted -= 1

    def next(self):
        """The earliest time tick() has something to look at, or NEVER."""
        return self.slots[0].due if self.count else NEVER

    def arm(self, timer, at):
        """Have `timer` looked at by `at` at the latest."""
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
        """Forget `timer`."""
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
        """Expire every timer that is due; each may arm itself again, for later than `now`. One that finds no
        memory expires again a little later, and those after it at the next tick."""
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
