# _fiber.Guard: objects that become unreachable without being closed.

import gc

import _fiber
import mkernel
from support import run


class Thing:
    """Records that it was abandoned."""

    def __init__(self, name, log):
        self.name = name
        self.log = log

    def abandoned(self):
        self.log.append(self.name)


def let_go(log, names, dropped=()):
    """Guards without references; those of `dropped` were dropped before."""
    for name in names:
        guard = _fiber.Guard(Thing(name, log))
        if name in dropped:
            guard.drop()


def overwrite(depth=20):
    """Old references on the C stack keep objects alive for a while."""
    return [overwrite(depth - 1)] if depth else []


def collected():
    overwrite()
    gc.collect()
    mkernel.sleep(0)
    mkernel.sleep(0)


def test_unreachable_objects_are_closed_by_the_loop():
    log, names = [], list(range(50))

    def body():
        let_go(log, names)
        collected()

    run(body)
    assert len(log) >= 45 and set(log) <= set(names) and len(set(log)) == len(log)


def test_reachable_and_dropped_objects_are_not_closed():
    log = []

    def body():
        kept = _fiber.Guard(Thing("kept", log))
        let_go(log, range(20), dropped=range(20))
        collected()
        assert log == []
        kept.drop()
        kept.drop()

    run(body)
    collected_by_now = _fiber.abandoned()
    assert collected_by_now is None and log == []


def test_failing_close_does_not_stop_the_loop():
    log = []

    def body():
        for name in range(30):
            thing = Thing(name, log)
            if name % 2:
                thing.abandoned = None
            _fiber.Guard(thing)
            del thing
        collected()

    run(body)
    assert len(log) >= 10
