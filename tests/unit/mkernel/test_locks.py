# The locks of mkernel.locks and the semaphores of mkernel.semaphores, which are threading's.

from mkernel import Cancelled, sleep, spawn
from mkernel.locks import Condition, Lock, RLock
from mkernel.semaphores import BoundedSemaphore, Event, Semaphore
from support import raises, run


def test_a_lock_excludes_and_hands_over_in_order():
    log = []

    def worker(lock, name):
        with lock:
            log.append(name + " in")
            sleep(0)
            log.append(name + " out")

    def main():
        lock = Lock()
        for task in [spawn(worker, lock, name) for name in "abc"]:
            task.join()
        assert not lock.locked()

    run(main)
    assert log == ["a in", "a out", "b in", "b out", "c in", "c out"]


def test_waiters_acquire_in_order():
    log = []

    def main():
        lock = Lock()
        lock.acquire()
        waiting = spawn(lambda: (lock.acquire(), log.append("waited"), lock.release()))
        sleep(0)
        lock.release()  # it is the other's from here on
        assert lock.locked() and not lock.acquire(False)
        waiting.join()
        assert lock.acquire(False)

    run(main)
    assert log == ["waited"]


def test_acquire_without_waiting_and_with_a_timeout():
    def main():
        lock = Lock()
        assert lock.acquire(timeout=1)
        assert not lock.acquire(blocking=False)
        assert lock.acquire(timeout=0.002) is False
        raises(ValueError, lambda: lock.acquire(False, 1))
        raises(ValueError, lambda: lock.acquire(True, -5))
        lock.release()
        raises(RuntimeError, lock.release)

    run(main)


def test_a_cancelled_waiter_leaves_the_lock_to_the_next():
    def main():
        lock = Lock()
        lock.acquire()
        first, second = spawn(lock.acquire), spawn(lock.acquire)
        sleep(0)
        first.cancel()
        lock.release()
        raises(Cancelled, first.join)
        assert second.join() is True

    run(main)


def test_one_cancelled_after_it_got_the_lock_gives_it_back():
    def holder(lock):
        with lock:
            sleep(60)

    def main():
        lock = Lock()
        lock.acquire()
        task = spawn(holder, lock)
        sleep(0)
        lock.release()
        task.cancel()
        raises(Cancelled, task.join)
        assert lock.acquire(False)

    run(main)


def test_an_rlock_may_be_taken_again_by_its_owner_only():
    def main():
        lock = RLock()
        with lock, lock:
            assert spawn(lock.acquire, False).join() is False
        assert spawn(lock.acquire, False).join() is True
        raises(RuntimeError, lock.release)

    run(main)


def test_a_condition_passes_items():
    got = []

    def consumer(condition, items):
        while len(got) < 6:
            with condition:
                condition.wait_for(lambda: items)
                got.append(items.pop(0))

    def main():
        condition, items = Condition(), []
        tasks = [spawn(consumer, condition, items)]
        for n in range(6):
            with condition:
                items.append(n)
                condition.notify()
            sleep(0)
        for task in tasks:
            task.join()

    run(main)
    assert got == [0, 1, 2, 3, 4, 5]


def test_condition_timeouts_and_misuse():
    def main():
        condition = Condition(Lock())
        raises(RuntimeError, condition.wait)
        raises(RuntimeError, condition.notify)
        with condition:
            assert condition.wait(0.002) is False
            assert condition.wait_for(lambda: False, 0.002) is False
            assert condition.wait_for(lambda: 5) == 5

    run(main)


def test_a_condition_on_an_rlock_gives_all_of_it_back():
    def main():
        condition = Condition()
        with condition, condition:
            waker = spawn(lambda: [notify(condition)])
            assert condition.wait(5)
            waker.join()
            assert spawn(condition.acquire, False).join() is False

    def notify(condition):
        with condition:
            condition.notify_all()

    run(main)


def test_an_event_wakes_all():
    def main():
        event = Event()
        tasks = [spawn(event.wait) for _ in range(3)]
        assert event.wait(0.001) is False and not event.is_set()
        event.set()
        assert [task.join() for task in tasks] == [True] * 3
        assert event.wait() and event.is_set()
        event.clear()
        assert event.wait(0) is False

    run(main)


def test_a_semaphore_limits_the_holders():
    most = [0, 0]

    def worker(semaphore):
        with semaphore:
            most[0] += 1
            most[1] = max(most)
            sleep(0)
            most[0] -= 1

    def main():
        semaphore = Semaphore(3)
        for task in [spawn(worker, semaphore) for _ in range(10)]:
            task.join()
        assert semaphore.acquire(False) and semaphore.acquire(False) and semaphore.acquire(False)
        assert not semaphore.acquire(False) and not semaphore.acquire(timeout=0.001)
        semaphore.release(2)
        assert semaphore.acquire()
        raises(ValueError, Semaphore, -1)

    run(main)
    assert most == [0, 3]


def test_a_bounded_semaphore_counts_its_releases():
    def main():
        semaphore = BoundedSemaphore(1)
        semaphore.acquire()
        semaphore.release()
        raises(ValueError, semaphore.release)

    run(main)


def test_locks_say_what_they_are():
    def main():
        lock, again = Lock(), RLock()
        assert repr(lock) == "<unlocked _thread.lock object at %#x>" % id(lock)
        lock.acquire()
        assert repr(lock).startswith("<locked _thread.lock")
        assert repr(again).startswith("<unlocked _thread.RLock object owner=0 count=0 at 0x")
        with again, again:
            assert " count=2 at " in repr(again) and again._is_owned()
        assert repr(Condition(lock)) == "<Condition(%r, 0)>" % lock
        event = Event()
        assert repr(event) == "<threading.Event at %#x: unset>" % id(event)
        event.set()
        assert repr(event).endswith(": set>")
        assert repr(Semaphore(3)).endswith(": value=3>")
        assert repr(BoundedSemaphore(2)).endswith(": value=2/2>")

    run(main)


def test_a_condition_takes_a_foreign_lock():
    class Own:
        def __init__(self):
            self.lock = Lock()

        def acquire(self, *args):
            return self.lock.acquire(*args)

        def release(self):
            self.lock.release()

        __enter__ = acquire

        def __exit__(self, *exc):
            self.lock.release()

    def main():
        condition = Condition(Own())
        assert str(raises(RuntimeError, condition.wait)) == "cannot wait on un-acquired lock"
        assert str(raises(RuntimeError, condition.notify)) == "cannot notify on un-acquired lock"
        with condition:
            assert condition.wait(0.001) is False

    run(main)
