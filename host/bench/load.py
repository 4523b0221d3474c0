"""The load generator, tests/bench/load.c: compiled on demand, run for one measurement at a time."""

import subprocess
from pathlib import Path

from host.bench.machine import cores, pinned
from host.errors import HostError
from host.paths import BUILD, ROOT
from host.proc import run_logged

SOURCE = ROOT / "tests" / "bench" / "load.c"
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
MARGIN = 60.0  # seconds that a measurement may exceed its time


def compiled(source: Path, name: str, *flags: str) -> Path:
    """Compile a program or library for the benchmarks, if it is out of date."""
    program = BUILD / "bench" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        argv = ["gcc", *FLAGS, *flags, "-o", program, source]
        run_logged(argv, f"compiling {source.name}", BUILD / "log" / f"{source.stem}.log")
    return program


def build() -> Path:
    return compiled(SOURCE, "load")


def parse(line: str) -> dict[str, float]:
    """Parse `name value name value ...`."""
    words = line.split()
    if not words or len(words) % 2:
        raise ValueError(f"not pairs of name and value: {line!r}")
    return {name: float(value) for name, value in zip(words[::2], words[1::2], strict=True)}


def measure(what: str, address: str, seconds: float, *rest: object) -> dict[str, float]:
    """Make one measurement on the load generator's core."""
    words = [str(build()), what, address, str(seconds), *(str(word) for word in rest)]
    try:
        with pinned(cores()[0]):
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + MARGIN
            )
    except subprocess.TimeoutExpired:
        raise HostError(f"load {what}: no end after {seconds + MARGIN:.0f} s") from None
    if done.returncode != 0:
        raise HostError((done.stderr.strip().splitlines() or [f"load {what}: exit {done.returncode}"])[-1])
    return parse(done.stdout)
