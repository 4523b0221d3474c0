"""Run pip, whose registry the machine's own configuration names, and make one line of its errors."""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from host.build.packages import guest
from host.build.packages.wanted import NAME, normalized
from host.errors import HostError
from host.proc import build_env

RESOLVER = Path(__file__).with_name("resolver.py")
QUIET = ("--quiet", "--no-input", "--disable-pip-version-check", "--retries=2", "--progress-bar=off")
PYTHON = f"--python-version={'.'.join(map(str, guest.PYTHON))}"
REQUIREMENT = re.compile(r"(?:requirement|distribution found for|package) '?([A-Za-z0-9][^\s'(:]*)")


def run(words: Sequence[str], cwd: Path, for_guest: bool = True) -> str:
    """Run pip in a folder. Returns what it says on stderr when it fails, nothing when it succeeds."""
    start = [RESOLVER] if for_guest else ["-m", "pip"]
    command, *rest = words
    argv = [sys.executable, *map(str, start), command, *QUIET, *([PYTHON] if for_guest else []), *rest]
    done = subprocess.run(
        argv, cwd=cwd, env=build_env(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return (done.stderr or done.stdout or "no message") if done.returncode else ""


def reason(output: str) -> str:
    """Return the line of pip's errors that says most."""
    if "DO NOT MATCH THE HASHES" in output:
        found = re.findall(r"^\s+(\S+==\S+|\S+ @ \S+) from .*?Got\s+(\w+)", output, re.MULTILINE | re.DOTALL)
        says = [f"{name} has the hash sha256:{digest}, which is not the locked one" for name, digest in found]
        return says[0] if says else "a hash differs from the locked one"
    rest = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in rest if line.startswith("ERROR:")]
    conflict = [line for line in errors if "conflict" in line.lower()]
    return (conflict[:1] or errors[:1] or rest[-1:])[0]


def explained(output: str, lines: Mapping[str, str], origin: str) -> HostError:
    """Return pip's error with the line that caused it. `lines`: file:line by the name of a package."""
    text = reason(output)
    match = REQUIREMENT.search(text)
    name = NAME.match(match[1] if match else text)
    return HostError(f"{lines.get(normalized(name[1]) if name else '', origin)}: packages: {text}")
