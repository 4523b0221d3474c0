# timers.py - deadlines in one heap; no clock inside.
#
# A timer is any object with `due` (when the heap will look at it, NEVER when it is not in the heap), `slot`
# (its place in the heap) and `expire(now)`. Moving a deadline *later* costs nothing: the heap still looks at
# the old time, expire() finds nothing due and arms again. So a retransmission timer that is pushed back by
# every acknowledgement touches the heap once in an RTO. Nothing is allocated but the growth of one list.
from micropython import const

NEVER = const(1 << 60)


class Deadlines:
    """A binary heap of timers ordered by `due`, in microseconds."""

    def __init__(self):
        self.heap = []

    def next(self):
        """The earliest time tick() has something to look at, or NEVER."""
        heap = self.heap
        return heap[0].due if heap else NEVER

    def arm(self, timer, at):
        """Have `timer` looked at by `at` at the latest."""
        if at >= timer.due:
            return
        heap = self.heap
        if timer.due == NEVER:
            timer.slot = len(heap)
            heap.append(timer)
        timer.due = at
        self._up(timer.slot)

    def disarm(self, timer):
        """Forget `timer`."""
        if timer.due == NEVER:
            return
        heap = self.heap
        slot = timer.slot
        timer.due = NEVER
        last = heap.pop()
        if last is not timer:
            heap[slot] = last
            last.slot = slot
            self._down(slot)
            self._up(last.slot)

    def tick(self, now):
        """Expire every timer that is due; each may arm itself again, for later than `now`."""
        heap = self.heap
        while heap and heap[0].due <= now:
            timer = heap[0]
            self.disarm(timer)
            timer.expire(now)

    def _up(self, slot):
        heap = self.heap
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
        heap = self.heap
        timer = heap[slot]
        due = timer.due
        size = len(heap)
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
