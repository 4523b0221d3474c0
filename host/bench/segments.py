"""The TCP fast path alone: tests/bench/segments.py on MicroPython's unix build."""

import subprocess

from host.bench.machine import Gate, cores, pinned
from host.bench.table import Table
from host.build import micropython
from host.errors import HostError
from host.paths import ROOT, STACK

PROGRAM = ROOT / "tests" / "bench" / "segments.py"
NS, MULTIPLES, BYTES = "ns", "empty `for` iterations", "bytes allocated"
IN, OUT = "segment in", "segment out"
ROWS = {"in": IN, "out": OUT, "loop": "an empty `for` iteration"}
TEXT = """On MicroPython's unix build (-O2), garbage collection on, C in the wire primitives only. `segment
in`: an in-order segment of 1448 bytes from `Interface.receive` to the receive ring, checksum verified, its
share of the ACKs included. `segment out`: from `send` to the frame handed to the device with its checksum,
its share of the ACKs received included. Medians of 11 000 segments each in every run, interleaved with
the loop that gives the unit."""


def parse(output: str) -> dict[str, tuple[float, float, float]]:
    """Parse lines of `name ns multiples bytes`."""
    found = {}
    for line in output.splitlines():
        name, *numbers = line.split()
        ns, multiples, allocated = (float(number) for number in numbers)
        found[name] = (ns, multiples, allocated)
    if missing := ROWS.keys() - found.keys():
        raise ValueError(f"no line for {', '.join(sorted(missing))}")
    return found


def run() -> dict[str, tuple[float, float, float]]:
    path = ":".join(str(folder) for folder in (STACK, ROOT / "tests" / "shims"))
    argv = [str(micropython.UNIX), "-X", "heapsize=16m", str(PROGRAM)]
    with pinned(cores()[1]):
        done = subprocess.run(
            argv,
            env={"MICROPYPATH": f"{path}:.frozen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        complaint = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise HostError(f"{PROGRAM.name}: {complaint[-1]}")
    return parse(done.stdout)


def measure(rounds: int, gate: Gate) -> Table:
    columns = {NS: 0, BYTES: 2, MULTIPLES: 1}
    table = Table("The TCP fast path by itself, a segment", [*columns], TEXT)
    for _ in range(rounds):
        quiet = gate.wait()
        with table.attempt([*ROWS.values()], [*columns]):
            found = run()
            for name, row in ROWS.items():
                for column, place in columns.items():
                    table.add(row, column, found[name][place], not quiet)
    return table
