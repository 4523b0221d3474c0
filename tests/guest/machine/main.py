# machine - the image's view of its machine: arguments, clocks, random numbers, memory, a console.
# test_machine.py calls the functions by name.

import sys

import _mkernel
import mkernel
import uctypes


def arguments(*words):
    print("arguments", repr(words), "end")


def clock():
    """Print both clocks, ten times a second, until the host has read enough."""
    while True:
        print("clock", mkernel.clock_monotonic(), mkernel.clock_wall())
        mkernel.sleep(0.1)


def sleeps():
    """Print how long sleeps take, by the machine's own clock."""
    for milliseconds in (0, 1, 20, 300):
        before = mkernel.clock_monotonic()
        mkernel.sleep(milliseconds / 1000)
        took = (mkernel.clock_monotonic() - before) // 1000
        print("slept", milliseconds, "enough" if took >= milliseconds * 1000 else took)


def idles():
    print("idle")
    mkernel.sleep(60)


def numbers():
    print("random", mkernel.random(16).hex())


def draws():
    """Print random numbers in order, and the clock of this copy of the machine."""
    while True:
        print("draw", mkernel.random(16).hex())
        mkernel.sleep(0.05)


def memory(end):
    """Print sizes; check that bytes all over the heap's upper half keep the values written."""
    total, heap, stacks = _mkernel.memory()
    print("memory", total, heap, stacks)
    upper_half = max(int(end) // 2, int(end) - total + heap // 2)
    step = min(1 << 20, heap // 8)
    for address in range(upper_half, int(end) - stacks - step, step):
        cell = uctypes.bytearray_at(address, 1)
        before = cell[0]
        cell[0] = before ^ 0xFF
        assert cell[0] == before ^ 0xFF
        cell[0] = before
    print("looked at", len(bytearray(heap // 4 if heap < 1 << 28 else 1 << 26)))


def lines(count):
    for n in range(int(count)):
        print("line", n, "." * (n % 90))


def one_line(length):
    print("x" * int(length), end="")


globals()[sys.argv[1]](*sys.argv[2:])
