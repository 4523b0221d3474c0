# The scheduler's loop: sleeping, deadlines, pollers, deadlock, power off. Times are compared, not awaited:
# under the virtual clock they pass at once, in an image they are milliseconds.

import mkernel
from mkernel import scheduler
from mkernel.task import Task
from support import raises, run


def test_sleep_lasts_as_long_as_it_says():
    def main():
        start = scheduler.clock()
        mkernel.sleep(0.02)
        return scheduler.clock() - start

    assert 20_000 <= run(main) < 1_000_000


def test_sleepers_wake_in_the_order_of_their_deadlines():
    log = []

    def sleeper(ms):
        mkernel.sleep(ms / 1000)
        log.append(ms)

    def main():
        for task in [mkernel.spawn(sleeper, ms) for ms in (30, 10, 20, 0, 10)]:
            task.join()

    run(main)
    assert log == [0, 10, 10, 20, 30]


def test_sleep_zero_lets_the_others_run():
    log = []

    def count(name):
        for _ in range(3):
            log.append(name)
            mkernel.sleep(0)

    def main():
        for task in [mkernel.spawn(count, name) for name in "ab"]:
            task.join()

    run(main)
    assert log == ["a", "b"] * 3


def test_the_clock_is_read_once_a_turn():
    def main():
        mkernel.sleep(0)
        before = scheduler.now()
        while scheduler.clock() - before < 100:
            _burn()
        assert scheduler.now() == before
        mkernel.sleep(0)
        assert scheduler.now() >= before + 100

    run(main)


def _burn():
    """Let a little time pass without a wait, under either clock."""
    import _mkernel

    if hasattr(_mkernel, "advance"):
        _mkernel.advance(10_000)


def test_wait_with_a_deadline():
    def main():
        waiters = scheduler.Waiters()
        start = scheduler.clock()
        assert waiters.wait(scheduler.deadline_after(0.005)) is False
        assert scheduler.clock() - start >= 5_000
        mkernel.spawn(waiters.wake)
        assert waiters.wait(scheduler.deadline_after(5)) is True
        assert scheduler.clock() - start < 5_000_000

    run(main)


class Ticker:
    """A poller that wants to be called every millisecond."""

    def __init__(self, waiters):
        self.waiters = waiters
        self.calls = []
        self.next = scheduler.clock()

    def poll(self, now):
        if now >= self.next:
            self.calls.append(now)
            self.next = now + 1000
            self.waiters.wake_all()

    def deadline(self):
        return self.next


def test_a_poller_is_called_at_its_deadline():
    def main():
        ticker = Ticker(scheduler.Waiters())
        scheduler.add_poller(ticker)
        try:
            while len(ticker.calls) < 5:
                ticker.waiters.wait()
        finally:
            scheduler.remove_poller(ticker)
        count = len(ticker.calls)
        mkernel.sleep(0.005)
        assert len(ticker.calls) == count
        return ticker.calls

    calls = run(main)
    assert all([1000 <= later - earlier < 1_000_000 for earlier, later in zip(calls, calls[1:])])


def test_deadlock_names_the_waiting_tasks():
    if mkernel.current_task() is not None:
        return  # in an image it would be this test's own end; tests/guest has one for it

    def main():
        task = mkernel.spawn(scheduler.Waiters().wait)
        task.name = "the other"
        task.join()

    error = raises(mkernel.Deadlock, run, main)
    assert "main" in str(error) and "the other" in str(error)


def test_poweroff_ends_the_loop_with_its_code():
    if mkernel.current_task() is not None:
        return  # as above
    log = []

    def main():
        mkernel.spawn(mkernel.poweroff, 7)
        mkernel.sleep(1)
        log.append("too far")

    assert raises(SystemExit, run, main).args[0] == 7
    assert log == []


def test_atexit_functions_run_latest_first():
    log = []
    scheduler.atexit(lambda: log.append("first"))
    scheduler.atexit(lambda: log.append("second"))
    run(scheduler.run_at_exit)
    assert log == ["second", "first"]
    run(scheduler.run_at_exit)
    assert len(log) == 2


def test_a_thousand_sleepers():
    def main():
        tasks = [Task(mkernel.sleep, (n % 7 / 1000,)) for n in range(1000)]
        for task in tasks:
            task.join()

    run(main)
