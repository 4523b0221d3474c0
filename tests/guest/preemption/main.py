# preemption - threads that compute without a wait, in an image with `preemption = true`; test_preemption.py
# calls the functions by name.

import queue
import random
import socket
import sys
import threading
import time


class Counter:
    n = 0


def start(target, *args):
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread


def spin(counter):
    while True:
        counter.n += 1


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def shuffle():
    numbers = list(range(100))
    while True:
        random.shuffle(numbers)


def until(condition):
    """Compute until it is true."""
    end = time.monotonic() + 20
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError


def all_have_their_turn():
    counters = [Counter() for _ in range(3)]
    for counter in counters:
        start(spin, counter)
    until(lambda: all(counter.n > 1000 for counter in counters))
    before = time.monotonic()
    for _ in range(5):
        time.sleep(0.01)
    print("slept", time.monotonic() - before < 5, sys.getswitchinterval())


def without_loops():
    start(fibonacci, 60)
    for _ in range(3):
        time.sleep(0.01)
    print("slept")


def in_the_library():
    start(shuffle)
    for _ in range(3):
        time.sleep(0.01)
    print("slept")


def serve(listener):
    connection, _ = listener.accept()
    while True:
        data = connection.recv(100)
        if not data:
            return
        connection.sendall(data)


def the_network_goes_on():
    """Round trips over the loopback interface while three threads compute."""
    for _ in range(3):
        start(spin, Counter())
    listener = socket.create_server(("127.0.0.1", 7000))
    start(serve, listener)
    with socket.create_connection(("127.0.0.1", 7000)) as client:
        for n in range(10):
            client.sendall(b"%d" % n)
            assert client.recv(100) == b"%d" % n
    print("echoed 10")


def imports_are_whole():
    found = []

    def use():
        import slow

        found.append(slow.READY)

    for thread in [start(use) for _ in range(3)]:
        thread.join()
    print("ready", found)


def the_library_is_whole():
    """Thousands of items through a queue, between threads that are interrupted."""
    items = queue.Queue(10)
    taken = []

    def put(first):
        for n in range(first, first + 1000):
            for _ in range(20):
                pass
            items.put(n)

    def take():
        for _ in range(2000):
            taken.append(items.get())

    sys.setswitchinterval(0.0001)
    for thread in [start(put, 0), start(put, 1000), start(take)]:
        thread.join()
    print("taken", sorted(taken) == list(range(2000)))


def switched_off():
    """The interval 0: no other thread runs."""
    sys.setswitchinterval(0)
    counter = Counter()
    start(spin, counter)
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        pass
    print("ran", counter.n)
    sys.setswitchinterval(0.005)


def measure():
    """Nanoseconds of an iteration, without and with the interval: medians of alternating runs."""

    def loop():
        begin = time.monotonic_ns()
        for _ in range(300_000):
            pass
        return (time.monotonic_ns() - begin) / 300_000

    def median(values):
        return sorted(values)[len(values) // 2]

    alone, shared = ([], []), ([], [])
    for results in (alone, shared):
        if results is shared:
            start(spin, Counter())
        for _ in range(15):
            for number, interval in enumerate((0, 0.005)):
                sys.setswitchinterval(interval)
                results[number].append(loop())
    for title, (without, with_) in (("alone", alone), ("beside another", shared)):
        print(f"{title} {median(without):.1f} {median(with_):.1f}")


globals()[sys.argv[1]]()
