# watch - tasks that compute, and a task that reads the console; test_watch.py calls the functions by name.

import sys
import threading
import time

import mkernel
from mkernel import scheduler


def busy(seconds):
    end = time.monotonic() + seconds
    n = 0
    while time.monotonic() < end:
        for _ in range(1000):
            n += 1
    return n


def outer(seconds):
    return busy(seconds)


def computes(seconds):
    """Compute in a thread with a name of its own."""
    thread = threading.Thread(target=outer, args=(float(seconds),), name="cruncher")
    thread.start()
    thread.join()
    print("done")


def in_a_generator(seconds):
    def numbers():
        yield busy(float(seconds))

    print("done", len(list(numbers())))


def waits_often():
    """Compute for some seconds, with waits in between."""
    for _ in range(30):
        busy(0.1)
        mkernel.sleep(0)
    print("done")


class Server:
    """A stack that has some work every millisecond, and wakes no task."""

    due = 0

    def poll(self, now):
        self.due = now + 1000
        for _ in range(10000):
            pass

    def deadline(self):
        return self.due


def waits_while_the_loop_works():
    scheduler.add_poller(Server())
    mkernel.sleep(3)
    print("done")


class Counter:
    polls = 0

    def poll(self, _now):
        self.polls += 1

    def deadline(self):
        return None


def lets_the_loop_run():
    counter = Counter()
    scheduler.add_poller(counter)
    ran = []
    other = mkernel.spawn(ran.append, 1)
    before = counter.polls
    busy(0.5)
    print("without", counter.polls - before, sys.getswitchinterval())
    sys.setswitchinterval(0.01)
    before = counter.polls
    busy(0.5)
    print("with", counter.polls - before, sys.getswitchinterval(), "others", ran)
    other.join()
    thread = threading.Thread(target=busy, args=(0.2,))
    before = counter.polls
    thread.start()
    thread.join()
    print("in a thread", counter.polls - before > 10)
    for value in (-1, "x"):
        try:
            sys.setswitchinterval(value)
        except (ValueError, TypeError) as error:
            print(type(error).__name__)


def measure():
    """Nanoseconds of an iteration, without and with the interval."""

    def loop():
        begin = time.monotonic_ns()
        for _ in range(1_000_000):
            pass
        return (time.monotonic_ns() - begin) // 1000

    scheduler.add_poller(Counter())
    for interval in (0, 0.005, 0.001, 0):
        sys.setswitchinterval(interval)
        print(interval, min([loop() for _ in range(5)]))


def reads():
    """While one task reads the console the others continue."""
    result = []
    mkernel.spawn(lambda: result.append(sys.stdin.readline()))
    ticks = 0
    for _ in range(20):
        mkernel.sleep(0.01)
        ticks += 1
    print("ticks", ticks, "read", result)
    sys.exit(0)


def reads_to_the_end():
    print([sys.stdin.read(), sys.stdin.read(5), sys.stdin.readline()])
    try:
        input("prompt ")
    except EOFError:
        print("EOFError")


globals()[sys.argv[1]](*sys.argv[2:])
