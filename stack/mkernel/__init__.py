# mkernel - the machine and its tasks, for applications. Everything else in this package is for the modules of
# stack/.
#
# Tasks are cooperative: one runs until it waits (for a socket, a lock, sleep(), a join). Nothing takes the
# processor from a task that computes; a long computation should call sleep(0) now and then, or everybody
# waits, the network included.

import sys

import _mkernel

from mkernel.block import Block
from mkernel.errors import Cancelled, Deadlock
from mkernel.group import TaskGroup
from mkernel.scheduler import poweroff, sleep
from mkernel.task import current_task, run, spawn

Net = _mkernel.Net
clock_monotonic = _mkernel.clock_monotonic  # nanoseconds since some point before the start
clock_wall = _mkernel.clock_wall  # nanoseconds since 1970
random = _mkernel.random  # n bytes that nobody can guess
log = _mkernel.console_log  # a line of who is in the middle of something: waits for no console
memory = _mkernel.memory  # bytes: all, of it the heap, of it the stacks of tasks

argv = sys.argv  # what is left of the image's arguments for the application, argv[0] is "main"

__all__ = [
    "Block",
    "Cancelled",
    "Deadlock",
    "Net",
    "TaskGroup",
    "argv",
    "clock_monotonic",
    "clock_wall",
    "current_task",
    "log",
    "memory",
    "poweroff",
    "random",
    "run",
    "sleep",
    "spawn",
]
