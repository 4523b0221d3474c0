"""Run build tools: output goes to a log, a failure becomes one line that names it."""

import os
import re
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from host.errors import HostError, os_errors
from host.paths import shown

# For reproducible builds: no clock, no git state of the surrounding repository, no locale.
REPRODUCIBLE = {
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
}
# Set by a make that runs us; a make that we run must not inherit its options.
MAKE_STATE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


def build_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of all builds."""
    kept = {name: value for name, value in os.environ.items() if name not in MAKE_STATE}
    return kept | REPRODUCIBLE | dict(extra or {})


def the_error(lines: Sequence[str]) -> str:
    """Return the line of a failed tool's output that most likely gives the reason."""
    for line in lines:
        of_the_linker = line.partition("ld: ")[2].strip()
        if of_the_linker and not re.search("warning:|in function", line):
            return of_the_linker
        if "error:" in line or line.startswith(("E: ", "Error")):
            return line.strip()
    for line in reversed(lines):
        if line.strip() and not line.startswith("make"):
            return line.strip()
    return "no message"


def run_logged(
    argv: Sequence[object],
    what: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    show: Callable[[str], None] = lambda line: None,
) -> None:
    """Run a tool to its end with its output in `log`; `show` sees each line."""
    tail: deque[str] = deque(maxlen=200)
    with os_errors(what):
        log.parent.mkdir(parents=True, exist_ok=True)
        with (
            log.open("w") as file,
            subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=build_env(env),
                cwd=cwd,
            ) as process,
        ):
            assert process.stdout is not None
            for line in process.stdout:
                file.write(line)
                tail.append(line)
                show(line.strip())
    if process.returncode != 0:
        raise HostError(f"{what} failed: {the_error(list(tail))} (all of it: {shown(log)})")
