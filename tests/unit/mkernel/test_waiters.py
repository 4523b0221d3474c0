# _fiber.Waiters: the queue that every blocking call waits in.

import _fiber
from support import raises, settle


def waiting(waiters, log, *names):
    def wait(name):
        log.append((name, waiters.wait()))

    fibers = [_fiber.spawn(wait, name) for name in names]
    _fiber.yield_()
    return fibers


def test_wake_is_first_come_first_served():
    waiters, log = _fiber.Waiters(), []
    assert waiters.empty and not waiters.wake()
    fibers = waiting(waiters, log, "a", "b", "c")
    assert not waiters.empty
    assert waiters.wake()
    _fiber.yield_()
    assert log == [("a", True)]
    assert waiters.wake_all() == 2 and waiters.empty
    settle(*fibers)
    assert log == [("a", True), ("b", True), ("c", True)]
    assert waiters.wake_all() == 0


def test_thrown_fiber_leaves_the_queue():
    waiters, log = _fiber.Waiters(), []
    first, second, third = waiting(waiters, log, "a", "b", "c")
    _fiber.throw(second, SystemExit())
    assert waiters.wake() and waiters.wake() and waiters.empty
    settle(first, second, third)
    assert log == [("a", True), ("c", True)]
    assert isinstance(second.exception, SystemExit)


def test_wait_with_a_deadline():
    waiters = _fiber.Waiters()
    fiber = _fiber.spawn(waiters.wait, 1 << 60)
    woken = _fiber.spawn(waiters.wait, 1 << 60)
    _fiber.yield_()
    _fiber.throw(fiber, SystemExit())  # the first in the queue and in the heap
    assert waiters.wake()
    late = _fiber.spawn(waiters.wait, 1 << 60)
    _fiber.yield_()
    assert _fiber.expire(1 << 60) == 1
    assert waiters.empty
    settle(fiber, woken, late)
    assert woken.result is True and late.result is False


def test_a_fiber_waits_in_several_queues_one_after_another():
    one, two = _fiber.Waiters(), _fiber.Waiters()
    fiber = _fiber.spawn(lambda: (one.wait(), two.wait()))
    _fiber.yield_()
    assert two.empty and one.wake()
    _fiber.yield_()
    assert one.empty and not one.wake() and two.wake()
    settle(fiber)
    assert fiber.result == (True, True)


def test_waiters_takes_no_arguments():
    raises(TypeError, _fiber.Waiters, 1)
