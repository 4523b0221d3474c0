# _mkernel.py - the machine (port/modkernel.c) for CPython and for MicroPython's unix build: a virtual clock
# that jumps to the deadline when all tasks wait, and net devices that tests put in. Nothing here waits or
# reads a real clock.

import sys

try:  # MicroPython's own
    import uos as os
except ImportError:
    import os

TX_CSUM, RX_CSUM, TSO4, TSO6, LRO = 1, 2, 4, 8, 16
ENODEV = 19

version = "test"
arguments = ""  # what cmdline() gives; tests set it
wall_offset = 1_700_000_000_000_000_000
_now = 1_000_000_000
_nets = {}
disks = {}  # name: bytearray


def cmdline():
    return arguments


def computed():
    """How long the program has computed since the last call, where that counts (count_computing())."""
    return 0


def count_computing():
    """Have time pass while the program computes (port/unix/platform/turn_virtual.c)."""
    global computed
    import _virtual

    _virtual.take()
    computed = _virtual.take


def clock_monotonic():
    global _now
    _now += computed()
    return _now


def clock_wall():
    return wall_offset + _now


def advance(ns):
    """Let time pass, as a fiber that computes does."""
    global _now
    _now += ns


def poll(deadline):
    """Jump to `deadline`, or to when a device has work if that is earlier (`due()`: nanoseconds or None)."""
    global _now
    times = [device.due() for device in _nets.values()]
    times = [time for time in times if time is not None]
    if deadline >= 0:
        times.append(deadline)
    if not times:
        raise RuntimeError("the machine would wait for ever")
    _now = max(_now, min(times))


def attach(name, device):
    """Make `device` the net device that Net(name) opens. It has Net's attributes, and `due()`."""
    _nets[name] = device


def detach_all():
    _nets.clear()


def devices():
    return tuple([(name, "net") for name in _nets])


def Net(name):
    if name not in _nets:
        raise OSError(ENODEV, "no net device %r; there are: %s" % (name, ", ".join(_nets) or "none"))
    return _nets[name]


class Block:
    """A block device whose sectors are in `disks[name]`; writing past `limit` bytes fails."""

    sector_size = 512
    limit = 1 << 40

    def __init__(self, name):
        if name not in disks:
            raise OSError(ENODEV, "no block device %r; there are: %s" % (name, ", ".join(disks) or "none"))
        self.name = name
        self._disk = disks[name]
        self.capacity = len(self._disk)

    def _check(self, offset, length):
        if (offset | length) % self.sector_size or not 0 <= offset <= self.capacity - length:
            raise ValueError("offset %d, length %d" % (offset, length))

    def read_into(self, offset, buf):
        self._check(offset, len(buf))
        buf[:] = self._disk[offset : offset + len(buf)]

    def write(self, offset, buf):
        self._check(offset, len(buf))
        if offset + len(buf) > self.limit:
            raise OSError(5, "Input/output error")
        self._disk[offset : offset + len(buf)] = buf


def random(n):
    return os.urandom(n)


def watchdog(_nanoseconds):
    pass


def memory():
    return (64 << 20, 48 << 20, 16 << 20)


def console_flush():
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def console_last_words():
    pass


def console_log(text):
    print(text)


def exit(code):
    raise SystemExit(code)
