"""Programs drawn from a grammar (tests/fuzz/language.py): CPython and the unix build must behave the same."""

import ast
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from host.build import lower, micropython
from host.paths import STACK
from host.proc import build_env

BATCH = 20  # programs per process
PATIENCE = 30  # seconds per batch
MEMORY = 1 << 30  # bytes: a product of strings may be large
HEAP = "256m"
# Different names of one error: a value that is too large, and an unbound local.
SAME = {"OverflowError": "MemoryError", "UnboundLocalError": "NameError", "RecursionError": "RuntimeError"}


@dataclass(frozen=True)
class Difference:
    program: str
    cpython: str
    ours: str

    def __str__(self) -> str:
        return f"{self.program}\n# CPython: {self.cpython}\n# ours:    {self.ours}"


def script(prelude: str, programs: Sequence[str]) -> str:
    """Return a script of all programs, each with a line that prints its outcome."""
    parts = [prelude]
    for number, program in enumerate(programs):
        parts.append(f"{program}\nprint('@@', {number}, ascii_of(outcome(f)))\n")
    return "\n".join(parts)


def is_right(program: str) -> bool:
    """Whether CPython compiles it: the grammar also produces invalid programs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(program, "program", "exec")
    except SyntaxError:
        return False
    return True


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def outcomes(argv: Sequence[str | Path], count: int) -> list[str]:
    """Return one outcome per program; programs after one that ended the process have none."""
    try:
        done = subprocess.run(
            argv,
            env=build_env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
            preexec_fn=limit_memory,
        )
        text, code = done.stdout, done.returncode
        last = done.stderr.strip().splitlines()[-1:]
    except subprocess.TimeoutExpired as error:
        text, code, last = (error.stdout or b"").decode(errors="replace"), -1, ["does not end"]
    said = dict(line[3:].split(" ", 1) for line in text.splitlines() if line.startswith("@@ "))
    found = [said.get(str(number), "") for number in range(count)]
    if code and "" in found:
        found[found.index("")] = f"ended the process with {code}: {' '.join(last)}"
    return [SAME.get(each, each) for each in found]


def compare(prelude: str, programs: Sequence[str], folder: Path) -> list[Difference]:
    programs = [program for program in programs if is_right(program)]
    text = script(prelude, programs)
    plain, lowered = folder / "plain.py", folder / "lowered.py"
    plain.write_text(text)
    lowered.write_text(lower.lower(ast.parse(text), always=True) or "")
    start = f"import sys; sys.path.insert(0, {str(STACK / 'std')!r}); exec(open({str(lowered)!r}).read())"
    theirs = outcomes([sys.executable, plain], len(programs))
    ours = outcomes([micropython.UNIX, "-X", f"heapsize={HEAP}", "-c", start], len(programs))
    return [
        Difference(program, cpython, mine)
        for program, cpython, mine in zip(programs, theirs, ours, strict=True)
        if cpython != mine and cpython and mine
    ]


def hunt(
    prelude: str,
    programs: st.SearchStrategy[str],
    folder: Path,
    count: int,
    first: int = 0,
    seconds: float = 1e9,
) -> tuple[int, list[Difference]]:
    """Compare `count` programs, or as many as time allows. Returns how many, and those that differ, short
    ones first."""
    deadline = time.monotonic() + seconds
    done = 0
    differences: list[Difference] = []
    number = first
    while done < count and time.monotonic() < deadline:

        @seed(number)
        @settings(
            max_examples=10, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(programs, min_size=BATCH, max_size=BATCH))
        def batch(some: list[str]) -> None:
            nonlocal done
            done += len(some)
            differences.extend(compare(prelude, some, folder))

        batch()
        number += 1
    return done, sorted(differences, key=lambda each: len(each.program))
