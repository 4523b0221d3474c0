"""Coverage-guided fuzzing of the stack on CPython: atheris over the targets of tests/fuzz."""

import importlib.util
import re
import subprocess
import sys
import time
from pathlib import Path

from host.errors import HostError
from host.paths import BUILD, ROOT, shown

FOLDER = ROOT / "tests" / "fuzz"
TARGETS = ("ip", "tcp")
MEMORY = 1024  # MiB that a run may take
ONE = 10  # seconds that one execution may take
LINE = re.compile(r"(?:cov: (\d+) )?ft: (\d+)")
RUNS = re.compile(r"(?:^#|^Done )(\d+)", re.MULTILINE)


def argv(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(FOLDER / "run.py"), name, *arguments]


def replay(name: str, path: Path) -> int:
    """One input again; its traceback if it still fails."""
    if not path.is_file():
        raise HostError(f"{shown(path)}: no such file: name one of {shown(FOLDER / 'crashes')}")
    done = subprocess.run(argv(name, str(path)), cwd=ROOT, check=False)
    print(f"{name}: {shown(path)} {'fails' if done.returncode else 'passes'}")
    return int(done.returncode != 0)


def summary(name: str, output: str, seconds: float, found: list[Path]) -> str:
    """What libFuzzer said, in one line; of a run that a finding ended the last count it told."""
    runs = int((RUNS.findall(output) or ["0"])[-1])
    features = (LINE.findall(output) or [("0", "0")])[-1][1]
    return (
        f"{name}: {runs} executions in {seconds:.0f} s, {runs / seconds:.0f} a second, "
        f"{len(found)} caught bugs, {features} coverage features"
    )


def fuzz(name: str, seconds: int) -> int:
    """Look for what breaks the stack; how many findings there are."""
    new, crashes = BUILD / "fuzz" / name, FOLDER / "crashes"
    for folder in (new, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY}", f"-timeout={ONE}", "-max_len=400"]
    options = [*limits, f"-artifact_prefix={crashes / name}-", str(new), str(FOLDER / "corpus" / name)]
    start = time.monotonic()
    child = subprocess.Popen(
        argv(name, "--fuzz", *options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        output, _ = child.communicate()
    finally:
        child.kill()
    found = sorted(set(crashes.iterdir()) - before)
    if child.returncode:
        print("\n".join(output.splitlines()[-40:]))
    print(summary(name, output, time.monotonic() - start, found))
    for path in found:
        print(f"replay: invoke fuzz {name} --replay {shown(path)}")
    return int(child.returncode != 0)


def run(name: str, seconds: int, again: str) -> int:
    """`invoke fuzz`."""
    if name not in TARGETS:
        raise HostError(f"no target {name!r}: there are {', '.join(TARGETS)}")
    if again:
        return replay(name, Path(again))
    if importlib.util.find_spec("atheris") is None:
        raise HostError("atheris is not installed: run `make setup` or `pip install atheris` in .venv")
    return fuzz(name, seconds)
