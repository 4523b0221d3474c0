"""Programs drawn from a grammar (tests/fuzz/language.py): CPython and the unix build must behave the same."""

import ast
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from host.build import freeze, lower, micropython
from host.paths import BUILD, ROOT, STACK
from host.proc import build_env

BATCH = 100  # programs per process
ENDLESS = "does not end"  # on CPython within the time: nothing to compare
TIMEOUT = 30  # seconds per batch
BREAK = "#@@@\n"  # between the parts of a script
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


def parts(prelude: str, programs: Sequence[str]) -> list[str]:
    """Return the parts of a script that runs the programs from the one on that its argument names, and prints
    a line for each outcome. Each is compiled alone: one that does not compile is a difference, too."""
    made = [f"{prelude}\nimport sys\n"]
    for number, program in enumerate(programs):
        run = f"print('@@', {number}, ascii_of(outcome(f)))"
        made.append(f"{program}\nif {number} >= int(sys.argv[-1]): {run}\n")
    return made


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


def said_by(argv: Sequence[str | Path], first: int) -> tuple[dict[int, str], str]:
    """Return the outcomes of the programs from `first` on, and why the process ended if not by itself."""
    try:
        done = subprocess.run(
            [*argv, str(first)],
            env=build_env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
            preexec_fn=limit_memory,
        )
        text, code = done.stdout, done.returncode
        last = done.stderr.strip().splitlines()[-1:]
    except subprocess.TimeoutExpired as error:
        text, code, last = (error.stdout or b"").decode(errors="replace"), -1, [ENDLESS]
    lines = [line.split(" ", 2) for line in text.splitlines() if line.startswith("@@ ")]
    said = {int(number): outcome for _, number, outcome in lines}
    return said, f"ended the process with {code}: {' '.join(last)}" if code else ""


def outcomes(argv: Sequence[str | Path], count: int) -> list[str]:
    """Return one outcome per program; after one that ends the process another process goes on."""
    found: list[str] = []
    while len(found) < count:
        said, why = said_by(argv, len(found))
        while len(found) in said:
            found.append(said[len(found)])
        if len(found) < count:
            found.append(why or "says nothing")
    for name, same in SAME.items():
        found = [each.replace(name, same) for each in found]
    return found


@lru_cache(maxsize=1)
def import_paths() -> list[str]:
    """Return the folders of the unix build's modules. The library is laid out once for all batches."""
    return [str(freeze.lay_out(BUILD / "library")), str(STACK), ".frozen", str(ROOT / "tests" / "shims")]


def compare(prelude: str, programs: Sequence[str], folder: Path) -> list[Difference]:
    programs = [program for program in programs if is_right(program)]
    made = parts(prelude, programs)
    plain, lowered = folder / "plain.py", folder / "lowered.py"
    plain.write_text("\n".join(made))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lowered.write_text(BREAK.join(lower.lower(ast.parse(each), always=True) or "" for each in made))
    # The file is read before open() is that of an image, which has no file of this machine.
    start = f"import sys; text = open({str(lowered)!r}).read(); sys.path[:] = {import_paths()}; "
    start += (
        f"import _boot; _boot.install_builtins()\nfor number, part in enumerate(text.split({BREAK!r})):\n"
    )
    start += "    try: exec(part)\n    except SyntaxError as error: print('@@', number - 1, repr(error))"
    theirs = outcomes([sys.executable, "-W", "ignore", plain], len(programs))
    ours = outcomes([micropython.UNIX, "-X", f"heapsize={HEAP}", "-c", start], len(programs))
    return [
        Difference(program, cpython, mine)
        for program, cpython, mine in zip(programs, theirs, ours, strict=True)
        if cpython != mine and not cpython.endswith(ENDLESS)
    ]


def hunt(
    prelude: str,
    program: Callable[[int], str],
    folder: Path,
    count: int,
    first: int = 0,
    seconds: float = 1e9,
) -> tuple[int, list[Difference]]:
    """Compare the programs of `count` numbers, or as many as time allows. Returns how many, and those that
    differ,
    short ones first."""
    deadline = time.monotonic() + seconds
    done = 0
    differences: list[Difference] = []
    while done < count and time.monotonic() < deadline:
        some = [program(number) for number in range(first + done, first + min(done + BATCH, count))]
        differences += compare(prelude, some, folder)
        done += len(some)
    return done, sorted(differences, key=lambda each: len(each.program))
