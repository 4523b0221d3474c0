# The deadline heap.
from mnet.timers import NEVER, Deadlines
from unit.mnet.builders import check_heap


class Timer:
    """Records when it expired; `again` arms it again that much later."""

    def __init__(self, heap, again=0):
        self.heap = heap
        self.again = again
        self.due = NEVER
        self.slot = 0
        self.expired = []

    def expire(self, now):
        self.expired.append(now)
        assert self.due == NEVER
        if self.again:
            self.heap.arm(self, now + self.again)


def timers(n):
    heap = Deadlines()
    return heap, [Timer(heap) for _ in range(n)]


def scramble(n):
    """Return 0 .. n - 1 in a scrambled order."""
    return [i * 7919 % n for i in range(n)]


def test_an_empty_heap_is_never_due():
    heap, _ = timers(0)
    assert heap.next() == NEVER
    heap.tick(1 << 50)


def test_timers_expire_in_order_at_their_time():
    heap, made = timers(100)
    order = []
    for i in scramble(100):
        made[i].expire = lambda now, i=i: order.append((now, i))
        heap.arm(made[i], 1000 + i)
        check_heap(heap)
    for now in range(990, 1120, 10):
        heap.tick(now)
        check_heap(heap)
    assert [i for _, i in order] == list(range(100))
    assert all([now - 10 < 1000 + i <= now for now, i in order])
    assert heap.next() == NEVER


def test_the_heap_shrinks_with_the_timers_that_are_admitted():
    heap, made = timers(1000)
    before = len(heap.slots)
    for timer in made:
        heap.admit()
        heap.arm(timer, 5)
    assert len(heap.slots) >= 1000
    for timer in made:
        heap.dismiss(timer)
        check_heap(heap)
    assert len(heap.slots) <= before + 1 and heap.count == 0


def test_arming_earlier_moves_the_timer_and_later_does_not():
    heap, (timer,) = timers(1)
    heap.arm(timer, 100)
    heap.arm(timer, 200)
    assert heap.next() == timer.due == 100
    heap.arm(timer, 50)
    assert heap.next() == timer.due == 50 and len(heap.heap) == 1
    heap.tick(49)
    assert not timer.expired
    heap.tick(50)
    assert timer.expired == [50] and timer.due == NEVER


def test_disarm_in_any_place():
    for n in range(1, 20):
        for victim in range(n):
            heap, made = timers(n)
            for i in scramble(n):
                heap.arm(made[i], i * 13 % 7)
            heap.disarm(made[victim])
            check_heap(heap)
            assert made[victim].due == NEVER and len(heap.heap) == n - 1
            heap.disarm(made[victim])  # twice is nothing
            heap.tick(100)
            assert [len(timer.expired) for timer in made] == [int(i != victim) for i in range(n)]


def test_a_timer_may_arm_itself_again():
    heap = Deadlines()
    timer = Timer(heap, again=10)
    heap.arm(timer, 5)
    heap.tick(5)
    assert timer.expired == [5] and heap.next() == 15
    heap.tick(40)
    assert timer.expired == [5, 40] and heap.next() == 50  # for later than now: no second time in one tick


def test_a_timer_may_disarm_others():
    heap, made = timers(10)
    for timer in made:
        heap.arm(timer, 7)
        timer.expire = lambda now: [heap.disarm(other) for other in made]
    heap.tick(7)
    assert heap.next() == NEVER and not heap.heap


def test_ties_all_expire():
    heap, made = timers(33)
    for timer in made:
        heap.arm(timer, 7)
    heap.tick(7)
    assert all([timer.expired == [7] for timer in made])


def test_arming_and_disarming_keep_nothing():
    heap, made = timers(50)
    for turn in range(20):
        for i in scramble(50):
            heap.arm(made[i], turn + i * 31 % 17)
        for i in scramble(50):
            if (i + turn) % 3:
                heap.disarm(made[i])
        check_heap(heap)
    heap.tick(1000)
    assert heap.heap == []
