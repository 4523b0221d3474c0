# The module _fiber: switching, results, exceptions across switches, garbage collection with parked fibers.

import gc
import sys

import _fiber
from support import raises, settle


def test_spawned_fibers_run_in_order_when_the_spawner_yields():
    log = []
    fibers = [_fiber.spawn(log.append, n) for n in range(5)]
    assert log == []
    settle(*fibers)
    assert log == [0, 1, 2, 3, 4]


def test_yield_lets_every_other_ready_fiber_run_once():
    log = []

    def count(name):
        for n in range(3):
            log.append((name, n))
            _fiber.yield_()

    settle(_fiber.spawn(count, "a"), _fiber.spawn(count, "b"))
    assert log == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]


def test_result_and_done():
    fiber = _fiber.spawn(lambda a, b: a + b, 20, 22)
    assert not fiber.done and fiber.result is None
    settle(fiber)
    assert fiber.result == 42 and fiber.exception is None


def test_current_and_the_settable_attributes():
    seen = []

    def look():
        me = _fiber.current()
        seen.append((me, me.name, me.task))

    fiber = _fiber.spawn(look)
    fiber.name = "looker"
    fiber.task = 7
    settle(fiber)
    assert seen == [(fiber, "looker", 7)]
    assert _fiber.current() is not fiber


def test_park_returns_what_wake_gives():
    fiber = _fiber.spawn(_fiber.park)
    assert not _fiber.wake(fiber, 1), "it has not run yet, so it is not parked"
    _fiber.yield_()
    assert fiber in _fiber.parked()
    assert _fiber.wake(fiber, "value") and not _fiber.wake(fiber, "other")
    settle(fiber)
    assert fiber.result == "value"
    assert not _fiber.wake(fiber)


def test_throw_raises_from_park():
    def wait():
        try:
            _fiber.park()
        except OSError as error:
            return error.args[0]

    fiber = _fiber.spawn(wait)
    _fiber.yield_()
    assert _fiber.throw(fiber, OSError(110))
    settle(fiber)
    assert fiber.result == 110
    assert not _fiber.throw(fiber, OSError)


def test_throw_at_a_fiber_that_is_not_parked_is_raised_by_its_next_park():
    log = []

    def wait_twice():
        log.append(_fiber.park())
        try:
            _fiber.park()
        except ValueError as error:
            log.append(error.args[0])

    fiber = _fiber.spawn(wait_twice)
    _fiber.yield_()
    _fiber.wake(fiber, "woken")
    assert not _fiber.throw(fiber, ValueError("first"))
    assert not _fiber.throw(fiber, ValueError("second"))
    settle(fiber)
    assert log == ["woken", "first"]


def test_throw_wants_an_exception():
    fiber = _fiber.spawn(_fiber.park)
    _fiber.yield_()
    raises(TypeError, _fiber.throw, fiber, 5)
    _fiber.wake(fiber)
    settle(fiber)


def test_exceptions_stay_in_their_fiber_across_switches():
    out = []

    def work(i):
        for r in range(3):
            try:
                try:
                    _fiber.yield_()
                    raise ValueError(i, r)
                finally:
                    _fiber.yield_()
            except ValueError as error:
                _fiber.yield_()
                out.append(error.args)

    settle(*[_fiber.spawn(work, i) for i in range(20)])
    assert sorted(out) == [(i, r) for i in range(20) for r in range(3)]


def test_an_exception_unwinds_through_calls_that_switched():
    def deep(n):
        if n == 0:
            _fiber.yield_()
            raise KeyError("bottom")
        try:
            deep(n - 1)
        finally:
            _fiber.yield_()

    def top():
        try:
            deep(5)
        except KeyError as error:
            return error.args[0]

    fibers = [_fiber.spawn(top) for _ in range(10)]
    settle(*fibers)
    assert [fiber.result for fiber in fibers] == ["bottom"] * 10


def test_park_inside_a_generator():
    def lines():
        while True:
            yield _fiber.park()

    def read():
        got = []
        for line in lines():
            if line is None:
                return got
            got.append(line)

    fiber = _fiber.spawn(read)
    for line in ("a", "b", None):
        _fiber.yield_()
        _fiber.wake(fiber, line)
    settle(fiber)
    assert fiber.result == ["a", "b"]


def test_parked_fibers_keep_their_locals_through_collections():
    bad = []

    def work(i):
        for r in range(5):
            local = [i, r, "x%d" % (i * 1000 + r), bytearray(i % 50)]
            _fiber.yield_()
            if local != [i, r, "x%d" % (i * 1000 + r), bytearray(i % 50)]:
                bad.append(i)
            if i % 100 == 0:
                gc.collect()

    settle(*[_fiber.spawn(work, i) for i in range(200)])
    assert bad == []


def test_a_thousand_fibers_and_their_memory_back():
    def wave():
        fibers = [_fiber.spawn(_fiber.park) for _ in range(1000)]
        _fiber.yield_()
        gc.collect()
        for fiber in fibers:
            _fiber.wake(fiber, 1)
        settle(*fibers)
        return sum([fiber.result for fiber in fibers])

    alive, pieces, _, _ = _fiber.stats()
    for _ in range(3):
        assert wave() == 1000
    # A piece of a thousand's frames may stay: the collector takes a stale word for a reference.
    assert _fiber.stats()[0] == alive and _fiber.stats()[1] <= pieces + 16


def test_recursion_without_end_is_an_exception_in_its_fiber_alone():
    def endless(n):
        return endless(n + 1) + 1

    def guarded():
        try:
            endless(0)
        except RuntimeError:
            return "stopped"

    fibers = [_fiber.spawn(guarded), _fiber.spawn(lambda: "well")]
    settle(*fibers)
    assert [fiber.result for fiber in fibers] == ["stopped", "well"]


def test_stack_size():
    usual = _fiber.stack_size()
    try:
        assert _fiber.stack_size(128 * 1024) == usual
        assert _fiber.stack_size() == 128 * 1024
        fiber = _fiber.spawn(lambda: 1)
        settle(fiber)
        raises(ValueError, _fiber.stack_size, 100)
    finally:
        _fiber.stack_size(usual)
    assert _fiber.stack_size() == usual


def test_deadlines_expire_in_order():
    log = []

    def wait(deadline):
        log.append((deadline, _fiber.park(deadline)))

    later = 1 << 60
    fibers = [_fiber.spawn(wait, later + n) for n in (30, 10, 20, 10)]
    _fiber.yield_()
    assert _fiber.expire(later + 9) == 0
    assert _fiber.expire(later + 20) == 3
    _fiber.yield_()
    assert log == [(later + 10, False), (later + 10, False), (later + 20, False)]
    assert _fiber.wake(fibers[0], "early")
    settle(*fibers)
    assert log[3] == (later + 30, "early")


def test_a_wake_takes_the_deadline_back():
    fiber = _fiber.spawn(_fiber.park, 1 << 60)
    _fiber.yield_()
    assert _fiber.next_deadline() is not None
    _fiber.wake(fiber, "value")
    settle(fiber)
    assert _fiber.expire(1 << 61) == 0
    assert fiber.result == "value"


def test_many_deadlines_with_wakes_between():
    base = 1 << 60
    order = []

    def wait(n):
        if _fiber.park(base + n * 7919 % 1000) is False:
            order.append(n * 7919 % 1000)

    fibers = [_fiber.spawn(wait, n) for n in range(300)]
    _fiber.yield_()
    for n in range(0, 300, 3):
        _fiber.wake(fibers[n], True)
    for step in range(0, 1001, 50):
        _fiber.expire(base + step)
        _fiber.yield_()
    settle(*fibers)
    assert order == sorted(order) and len(order) == 200


if sys.implementation.name == "micropython":
    import micropython

    def test_no_switch_while_the_heap_is_locked():
        fiber = _fiber.spawn(lambda: 1)
        refused = 0
        switches = (_fiber.yield_, _fiber.park)
        micropython.heap_lock()
        try:
            for switch in switches:
                try:
                    switch()
                except RuntimeError:
                    refused += 1
        finally:
            micropython.heap_unlock()
        assert refused == 2 and not fiber.done
        settle(fiber)

    def test_no_switch_in_a_callback_of_the_interpreters_scheduler():
        outcome = []

        def callback(_):
            try:
                _fiber.yield_()
                outcome.append("switched")
            except RuntimeError:
                outcome.append("refused")

        micropython.schedule(callback, None)
        for _ in range(100):
            pass
        assert outcome == ["refused"]
