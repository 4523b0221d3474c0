# select of stack/std over the pollable protocol (mkernel/pollable.py).

from mkernel import scheduler, sleep, spawn
from mkernel.pollable import ERR, HUP, IN, NVAL, OUT, Pollable
from support import raises, run, std

select = std("select")


class Pipe(Pollable):
    """Ready by its mask; counts how often it is polled."""

    def __init__(self, mask=0, fileno=None):
        self.mask = mask
        self.asked = 0
        self.number = fileno

    def poll_mask(self):
        self.asked += 1
        return self.mask

    def set(self, mask):
        self.mask = mask
        self.poll_changed()

    def fileno(self):
        return id(self) if self.number is None else self.number


def test_ready_at_once():
    poller = select.poll()
    pipe = Pipe(IN | OUT, 5)
    poller.register(pipe, select.POLLIN)
    assert poller.poll(0) == [(5, IN)]
    poller.modify(pipe, select.POLLOUT)
    assert poller.poll(0) == [(5, OUT)]
    assert list(poller.ipoll(0)) == [(pipe, OUT)]
    poller.unregister(pipe)
    assert poller.poll(0) == []


def test_errors_are_always_reported():
    poller = select.poll()
    pipe = Pipe(IN | ERR | HUP | NVAL, 1)
    poller.register(pipe, select.POLLOUT)
    assert poller.poll(0) == [(1, ERR | HUP | NVAL)]


def test_waits_until_something_becomes_ready():
    def main():
        poller = select.poll()
        pipe, other = Pipe(), Pipe()
        poller.register(other, select.POLLIN)
        poller.register(pipe, select.POLLIN)
        spawn(lambda: (sleep(0.001), pipe.set(OUT), sleep(0.001), pipe.set(IN)))
        return list(poller.ipoll(5000)) == [(pipe, IN)]

    assert run(main)


def test_waits_for_its_timeout():
    def main():
        poller = select.poll()
        poller.register(Pipe(), select.POLLIN)
        start = scheduler.clock()
        assert poller.poll(3) == []
        return scheduler.clock() - start

    assert run(main) >= 3000


def test_stays_ready_until_it_is_not():
    poller = select.poll()
    pipe = Pipe(IN, 3)
    poller.register(pipe)
    assert poller.poll(0) == poller.poll(0) == [(3, IN)]
    pipe.mask = 0
    assert poller.poll(0) == []


def test_one_shot():
    poller = select.poll()
    pipe = Pipe(IN)
    poller.register(pipe, select.POLLIN)
    assert list(poller.ipoll(0, 1)) == [(pipe, IN)]
    assert list(poller.ipoll(0, 1)) == []
    poller.modify(pipe, select.POLLIN)
    assert list(poller.ipoll(0, 1)) == [(pipe, IN)]


def test_idle_objects_cost_nothing():
    poller = select.poll()
    pipes = [Pipe() for _ in range(100)]
    for pipe in pipes:
        poller.register(pipe, select.POLLIN)
    poller.poll(0)
    asked = sum([pipe.asked for pipe in pipes])
    pipes[7].set(IN)
    assert [obj for obj, _ in poller.ipoll(0)] == [pipes[7]]
    assert sum([pipe.asked for pipe in pipes]) == asked + 1


def test_ten_thousand_idle_objects_cost_nothing_a_turn():
    def main():
        poller = select.poll()
        pipes = [Pipe(fileno=number) for number in range(10, 10010)]
        for pipe in pipes:
            poller.register(pipe, select.POLLIN)
        busy = pipes[4321]
        poller.poll(0)
        asked = sum([pipe.asked for pipe in pipes])
        for _ in range(100):
            busy.set(IN)
            assert poller.poll(5) == [(busy.number, IN)]
            busy.set(0)
            assert poller.poll(1) == []
        return sum([pipe.asked for pipe in pipes]) - asked

    assert run(main) <= 400


def test_two_pollers_on_one_object():
    one, two = select.poll(), select.poll()
    pipe = Pipe(0, 4)
    one.register(pipe)
    two.register(pipe)
    pipe.set(IN)
    assert one.poll(0) == two.poll(0) == [(4, IN)]
    one.unregister(pipe)
    assert two.poll(0) == [(4, IN)]


def test_misuse():
    poller = select.poll()
    raises(TypeError, poller.register, object())
    raises(OSError, poller.modify, Pipe(), 1)
    raises(KeyError, poller.unregister, Pipe())


def test_select():
    def main():
        readable, writable, neither = Pipe(IN), Pipe(OUT), Pipe()
        three = [readable, writable, neither]
        assert select.select(three, three, [], 0) == ([readable], [writable], [])
        assert select.select([neither], [], [], 0.002) == ([], [], [])
        spawn(neither.set, HUP)
        assert select.select([neither], [], []) == ([neither], [], [])

    run(main)
