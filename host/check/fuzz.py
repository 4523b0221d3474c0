"""Fuzzing: the stack on CPython, guided by coverage (atheris; tests/fuzz), and the language."""

import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from host.errors import HostError
from host.paths import BUILD, ROOT, shown

FOLDER = ROOT / "tests" / "fuzz"
TARGETS = ("ip", "tcp", "language")
SHOWN = 10  # differing programs that are printed
MEMORY = 1024  # MiB per run
ONE = 10  # seconds per execution
LINE = re.compile(r"(?:cov: (\d+) )?ft: (\d+)")
RUNS = re.compile(r"(?:^#|^Done )(\d+)", re.MULTILINE)


def argv(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(FOLDER / "run.py"), name, *arguments]


def replay(name: str, path: Path) -> int:
    """Run one input again. Returns its traceback if it still fails."""
    if not path.is_file():
        raise HostError(f"{shown(path)}: no such file: name one of {shown(FOLDER / 'crashes')}")
    done = subprocess.run(argv(name, str(path)), cwd=ROOT, check=False)
    print(f"{name}: {shown(path)} {'fails' if done.returncode else 'passes'}")
    return int(done.returncode != 0)


def runs(output: str) -> int:
    """Return how often the target ran; after a finding the last count of libFuzzer."""
    return int((RUNS.findall(output) or ["0"])[-1])


def features(output: str) -> int:
    """Return the coverage of the corpus, in libFuzzer's count."""
    return int((LINE.findall(output) or [("0", "0")])[-1][1])


def summary(name: str, outputs: list[str], seconds: float, found: list[Path]) -> str:
    """Summarise the output of all processes in one line."""
    total = sum(map(runs, outputs))
    return (
        f"{name}: {total} executions in {seconds:.0f} s, {total / seconds:.0f} a second, "
        f"{len(found)} caught bugs, {max(map(features, outputs))} coverage features"
    )


def fuzz(name: str, seconds: int) -> int:
    """Fuzz the stack with one process per core. Returns how many ended with a finding."""
    new, crashes = BUILD / "fuzz" / name, FOLDER / "crashes"
    for folder in (new, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY}", f"-timeout={ONE}", "-max_len=400"]
    options = [*limits, f"-artifact_prefix={crashes / name}-", str(new), str(FOLDER / "corpus" / name)]
    logs = [BUILD / "fuzz" / f"{name}-{number}.log" for number in range(os.cpu_count() or 1)]
    start = time.monotonic()
    children = [start_child(name, options, log) for log in logs]
    try:
        bad = sum(child.wait() != 0 for child in children)
    finally:
        for child in children:
            child.kill()
    outputs = [log.read_text(errors="replace") for log in logs]
    for child, output in zip(children, outputs, strict=True):
        if child.returncode:
            print("\n".join(output.splitlines()[-40:]))
    found = sorted(set(crashes.iterdir()) - before)
    print(summary(name, outputs, time.monotonic() - start, found))
    for path in found:
        print(f"replay: invoke fuzz {name} --replay {shown(path)}")
    return bad


def start_child(name: str, options: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start one process with its output in its log."""
    with log.open("wb") as output:
        return subprocess.Popen(
            argv(name, "--fuzz", *options), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )


def language(seconds: int, again: str) -> int:
    """Compare programs drawn from a grammar on CPython and the unix build; `again` is the first number."""
    from host.check.compat import differential  # hypothesis is there for tests only

    sys.path.insert(0, str(FOLDER))
    grammar = importlib.import_module("language")
    with tempfile.TemporaryDirectory() as folder:
        first = int(again or time.time())
        count, found = differential.hunt(
            grammar.PRELUDE, grammar.program, Path(folder), sys.maxsize, first, seconds
        )
    for difference in found[:SHOWN]:
        print(f"{difference}\n")
    print(f"language: {count} programs from number {first} on, {len(found)} differ")
    return int(bool(found))


def run(name: str, seconds: int, again: str) -> int:
    """`invoke fuzz`."""
    if name not in TARGETS:
        raise HostError(f"no target {name!r}: there are {', '.join(TARGETS)}")
    if name == "language":
        return language(seconds, again)
    if again:
        return replay(name, Path(again))
    if importlib.util.find_spec("atheris") is None:
        raise HostError("atheris is not installed: run `make setup` or `pip install atheris` in .venv")
    return int(fuzz(name, seconds) > 0)
