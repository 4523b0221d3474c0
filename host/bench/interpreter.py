"""The interpreter by itself: MicroPython's own performance tests on its unix build with our patches."""

import subprocess
from math import exp, log
from pathlib import Path

from host.bench.machine import Gate, cores, pinned
from host.bench.table import Table
from host.build import micropython
from host.errors import HostError

SIZE = 1000  # of the problem: upstream's N (MHz of the processor) and M (KiB of its heap)
TIMEOUT = 120  # seconds for one program
TIME = "ms"
MEAN = "geometric mean"
TEXT = f"""Programs of `tests/perf_bench` in MicroPython's source, with N = M = {SIZE}, on the unix build.
Compare two checkouts by measuring both in turns on one machine."""


def programs() -> list[Path]:
    """Return those that need neither native code nor a file system."""
    folder = micropython.SOURCE / "tests" / "perf_bench"
    found = sorted(path for kind in ("bm", "core", "misc") for path in folder.glob(f"{kind}_*.py"))
    return [path for path in found if not path.name.startswith("core_import")]


def parse(name: str, output: str) -> float:
    """Return milliseconds, from a line of microseconds, normalisation and result."""
    words = output.split()
    if not words or not words[0].isdecimal():
        raise HostError(f"{name}: {output.strip() or 'no output'}")
    return int(words[0]) / 1000


def run(program: Path) -> float:
    frame = program.parent / "benchrun.py"
    script = f"{program.read_text()}\n{frame.read_text()}\nbm_run({SIZE}, {SIZE})\n"
    try:
        with pinned(cores()[1]):
            done = subprocess.run(
                [str(micropython.UNIX), "-X", "heapsize=16m"],
                input=script,
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise HostError(f"{program.name}: not done after {TIMEOUT} s") from None
    if done.returncode != 0:
        complaint = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise HostError(f"{program.name}: {complaint[-1]}")
    return parse(program.name, done.stdout)


def measure(rounds: int, gate: Gate) -> Table:
    table = Table("The interpreter by itself", [TIME], TEXT)
    for _ in range(rounds):
        quiet = gate.wait()
        times = []
        for program in programs():
            with table.attempt([program.stem], [TIME]):
                times.append(run(program))
                table.add(program.stem, TIME, times[-1], not quiet)
        if times:
            table.add(MEAN, TIME, exp(sum(map(log, times)) / len(times)), not quiet)
    return table
