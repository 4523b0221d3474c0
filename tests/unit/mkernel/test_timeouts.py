# Timeouts that programs pass, common and unusual ones: CPython 3.11's result for each, and that the loop
# continues.

from mkernel import locks, semaphores, sleep, spawn
from mkernel.pollable import OUT, Pollable
from mnet import sockets
from support import raises, rows, run, std

select = std("select")
threading = std("threading")

NAN, INF = float("nan"), float("inf")
NO_TIME = (
    ("nan", NAN, ValueError, "Invalid value NaN (not a number)"),
    ("inf", INF, OverflowError, "timestamp out of range for platform time_t"),
    ("1e300", float("1e300"), OverflowError, "timestamp out of range for platform time_t"),
    ("1e10", 1e10, OverflowError, "timestamp out of range for platform time_t"),
    ("2**63", 2**63, OverflowError, "timestamp too large to convert to C _PyTime_t"),
    ("9223372037", 9223372037, OverflowError, "timestamp too large to convert to C _PyTime_t"),
    ("text", "1", TypeError, None),
    ("list", [], TypeError, None),
    ("complex", 1j, TypeError, None),
)
NEGATIVE = (
    ("minus inf", -INF),
    ("minus one", -1),
    ("minus a half", -0.5),
    ("minus 2**70", -(2**70)),
)


class Ready(Pollable):
    def poll_mask(self):
        return OUT


def polled(poller, timeout):
    poller.register(Ready(), select.POLLOUT)
    return poller.poll(timeout)


def held():
    lock = locks.Lock()
    lock.acquire()
    return lock


def within(condition, call, *args):
    with condition:
        return call(*args)


def joined(timeout):
    thread = threading.Thread(target=sleep, args=(0.01,))
    thread.start()
    return thread.join(timeout)


EXACT = (
    lambda timeout: held().acquire(True, timeout),
    lambda timeout: held().acquire(False, timeout),
    lambda timeout: locks.RLock().acquire(True, timeout),
    joined,
    lambda timeout: select.select([], [], [], timeout),
    lambda timeout: sockets.socket().settimeout(timeout),
    sockets.setdefaulttimeout,
)


@rows(NO_TIME)
def test_invalid_timeouts_raise(value, expected, text):
    def main():
        for call in EXACT:
            told = str(raises(expected, call, value))
            assert text in (None, told), told
        condition = locks.Condition()
        calls = [semaphores.Event().wait, lambda timeout: within(condition, condition.wait, timeout)]
        if value == value:  # CPython tries again and again to wait until it is no number
            calls.append(lambda timeout: semaphores.Semaphore(0).acquire(True, timeout))
            calls.append(lambda timeout: within(condition, condition.wait_for, lambda: False, timeout))
        for call in calls:
            if value != value:
                assert call(value) is False
            else:
                told = str(raises(expected, call, value))
                assert text in (None, told), told
        told = str(raises(expected, polled, select.poll(), value))
        assert text in (None, told) or value in (1e10, 9223372037) and told == "timeout is too large", told

    run(main)


@rows(NEGATIVE)
def test_negative_timeouts(value):
    def main():
        condition = locks.Condition()
        assert within(condition, condition.wait, value) is False
        assert within(condition, condition.wait_for, lambda: False, value) is False
        assert semaphores.Event().wait(value) is False
        assert semaphores.Semaphore(0).acquire(True, value) is False
        assert joined(value) is None
        sizes = -9223372037 < value
        wrong = ValueError if sizes else OverflowError
        raises(wrong, select.select, [], [], [], value)
        raises(wrong, sockets.socket().settimeout, value)
        raises(wrong, sockets.setdefaulttimeout, value)
        if value != -1:
            raises(wrong, held().acquire, True, value)
            raises(wrong, held().acquire, False, value)
        if sizes:
            assert len(polled(select.poll(), value)) == 1

    run(main)


def test_the_longest_times_are_waited_for():
    """By tasks; the loop goes on beside them, and alone with them."""

    def main():
        lock, event = held(), semaphores.Event()
        longest = threading.TIMEOUT_MAX
        assert longest == 9223372036.0
        tasks = [
            spawn(lock.acquire, True, longest),
            spawn(event.wait, longest),
            spawn(sleep, longest),
            spawn(joined, longest),
            spawn(select.select, [], [], [], longest),
            spawn(select.poll().poll, (1 << 31) - 1),
        ]
        for _ in range(3):
            sleep(0.05)
        lock.release()
        event.set()
        assert tasks[0].join() is True and tasks[1].join() is True
        assert not tasks[2].done

    run(main)


def test_the_texts_of_locks():
    def main():
        lock = held()
        assert str(raises(ValueError, lock.acquire, True, -2)) == "timeout value must be positive"
        told = str(raises(ValueError, lock.acquire, False, 1))
        assert told == "can't specify a timeout for a non-blocking call"
        raises(TypeError, lock.acquire, True, None)
        told = str(raises(ValueError, semaphores.Semaphore(0).acquire, False, 1))
        assert told == "can't specify timeout for non-blocking acquire"
        assert lock.acquire(True, 0) is False and lock.acquire(False, -1) is False

    run(main)
