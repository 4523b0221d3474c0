# mkernel - the machine and its tasks, for applications. Everything else in this package is internal to
# stack/.
#
# Tasks are cooperative: one runs until it waits (for a socket, a lock, sleep(), a join). There is no
# preemption: a long computation must call sleep(0) now and then, or all tasks and the network wait.

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
random = _mkernel.random  # n unpredictable bytes
log = _mkernel.console_log  # log a line without waiting for the console
memory = _mkernel.memory  # bytes: all, of these the heap, of these the stacks of tasks

argv = sys.argv  # the application's arguments, argv[0] is "main"

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
