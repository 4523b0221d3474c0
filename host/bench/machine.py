"""The machine that runs the benchmarks: its description, its cores, and whether it is quiet."""

import os
import platform
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from host.run.qemu import kvm_obstacle

STAT = Path("/proc/stat")
CPUINFO = Path("/proc/cpuinfo")


def cores() -> tuple[int, int]:
    """Return the load generator's core and the core under test; the same one if there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def accelerators() -> list[str]:
    return ["tcg"] if kvm_obstacle() else ["kvm", "tcg"]


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run this thread, and every process and thread that it starts, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_model(cpuinfo: str) -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return match[1].strip() if match else platform.machine()


def first_line(*argv: str) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        return f"no {argv[0]}"
    return ((done.stdout + done.stderr).splitlines() or [""])[0]


def describe(programs: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Describe the machine, as needed for comparisons."""
    client, server = cores()
    return [
        ("date", time.strftime("%Y-%m-%d")),
        ("CPU", f"{cpu_model(CPUINFO.read_text())}, {os.cpu_count()} cores"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("QEMU", first_line("qemu-system-x86_64", "--version").removeprefix("QEMU emulator version ")),
        *((program, first_line(program, "--version")) for program in programs),
        ("accelerators", f"tcg; {obstacle}" if (obstacle := kvm_obstacle()) else "kvm, tcg"),
        ("cores", f"load generator on {client}, the runner (all its threads) or the Linux peer on {server}"),
    ]


def busy_and_total(stat: str) -> tuple[int, int]:
    """Return ticks of all processors since boot: busy (of this machine or stolen from it), and total."""
    ticks = [int(word) for word in stat.splitlines()[0].split()[1:9]]
    idle, waiting = ticks[3], ticks[4]
    return sum(ticks) - idle - waiting, sum(ticks)


class Gate:
    """Waits until the machine is otherwise idle; in total no longer than `timeout` seconds."""

    WINDOW = 0.2  # seconds
    BUSY = 0.08  # share of all processors

    def __init__(
        self,
        timeout: float,
        read: Callable[[], str] = STAT.read_text,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._left = timeout
        self._read = read
        self._sleep = sleep

    def wait(self) -> bool:
        """Return whether the machine is quiet now. After `timeout` is used up sampling goes on, marked."""
        while True:
            if self._share() <= self.BUSY:
                return True
            if self._left <= 0:
                return False
            self._left -= self.WINDOW

    def _share(self) -> float:
        busy, total = busy_and_total(self._read())
        self._sleep(self.WINDOW)
        busy_then, total_then = busy_and_total(self._read())
        return (busy_then - busy) / max(total_then - total, 1)
