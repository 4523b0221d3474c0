# _mkernel.py - the machine (port/modkernel.c) for CPython and for MicroPython's unix build: a virtual clock
# that jumps to the deadline when everybody waits, and net devices that tests put in. Nothing here waits or
# reads a real clock.

import os
import sys

TX_CSUM, RX_CSUM, TSO4, TSO6, LRO = 1, 2, 4, 8, 16
ENODEV = 19

version = "test"
arguments = ""  # what cmdline() gives; tests set it
wall_offset = 1_700_000_000_000_000_000
_now = 1_000_000_000
_nets = {}


def cmdline():
    return arguments


def clock_monotonic():
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


def random(n):
    return os.urandom(n)


def memory():
    return (64 << 20, 48 << 20, 16 << 20)


def console_flush():
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def exit(code):
    raise SystemExit(code)
