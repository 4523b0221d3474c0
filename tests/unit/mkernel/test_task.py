# Tasks: results, exceptions, cancellation.

import _fiber
import mkernel
from mkernel import Cancelled, scheduler, sleep, spawn
from mkernel.errors import timed_out
from mkernel.task import Task
from support import raises, run

TIMEOUT = type(timed_out())


def fail(error):
    raise error


def test_join_returns_the_result():
    def main():
        task = spawn(lambda a, b: a * b, 6, 7)
        raises(RuntimeError, lambda: task.result)
        assert task.join() == 42
        assert task.done and task.result == 42 and task.exception is None
        return task.join()

    assert run(main) == 42


def test_join_raises_what_the_task_raised():
    def main():
        task = spawn(fail, KeyError("k"))
        assert raises(KeyError, task.join).args == ("k",)
        assert raises(KeyError, lambda: task.result) is task.exception

    run(main)


def test_join_with_a_timeout():
    def main():
        task = spawn(sleep, 60)
        raises(TIMEOUT, task.join, 0.005)
        assert not task.done
        task.cancel()
        raises(Cancelled, task.join)

    run(main)


def test_a_task_cannot_join_itself():
    run(lambda: raises(RuntimeError, lambda: mkernel.current_task().join()))


def test_cancel_is_raised_where_the_task_waits():
    log = []

    def worker():
        try:
            sleep(60)
        except Cancelled:
            log.append("cleaning up")
            sleep(0)
            log.append("clean")
            raise

    def main():
        task = spawn(worker)
        sleep(0)
        assert task.cancel()
        raises(Cancelled, task.join)
        assert not task.cancel()

    run(main)
    assert log == ["cleaning up", "clean"]


def test_except_exception_does_not_catch_a_cancellation():
    def stubborn():
        while True:
            try:
                sleep(60)
            except Exception:
                pass

    def main():
        task = spawn(stubborn)
        sleep(0)
        task.cancel()
        raises(Cancelled, task.join)

    run(main)


def test_a_task_cancelled_before_it_began_never_runs():
    log = []

    def main():
        task = spawn(log.append, 1)
        task.cancel()
        raises(Cancelled, task.join)

    run(main)
    assert log == []


def test_a_running_task_that_is_cancelled_finds_out_at_its_next_wait():
    log = []

    def worker():
        mkernel.current_task().cancel()
        log.append("still here")
        sleep(0)
        log.append("not here")

    def main():
        raises(Cancelled, spawn(worker).join)

    run(main)
    assert log == ["still here"]


def test_a_cancelled_waiter_does_not_swallow_a_wake():
    def main():
        waiters = scheduler.Waiters()
        first, second = spawn(waiters.wait), spawn(waiters.wait)
        sleep(0)
        first.cancel()
        assert waiters.wake()
        assert second.join() is True

    run(main)


def test_sys_exit_ends_just_its_task():
    def main():
        task = spawn(fail, SystemExit(3))
        raises(SystemExit, task.join)
        return "alive"

    assert run(main) == "alive"


def test_memory_error_is_the_tasks_own():
    def main():
        task = spawn(lambda: bytearray(1 << 61))
        raises((MemoryError, OverflowError), task.join)
        return spawn(lambda: len(bytearray(1000))).join()

    def raises(expected, fun):
        try:
            fun()
        except expected:
            return
        raise AssertionError("no MemoryError")

    assert run(main) == 1000


def test_names():
    def worker():
        return _fiber.current().name, mkernel.current_task().name

    def main():
        named = Task(worker, (), "a name")
        assert spawn(worker).join()[0] in ("worker", "task")
        return named.join()

    assert run(main) == ("a name", "a name")
