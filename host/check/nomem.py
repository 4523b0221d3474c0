"""Failing allocations, one after the other: tests/nomem on MicroPython's unix build."""

import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from host.build import freeze, micropython
from host.paths import BUILD, ROOT
from host.report import say

TESTS = ROOT / "tests" / "nomem"
SCENARIOS = (
    *("connect", "transfer", "lossy", "ipv6", "close", "udp", "waiting", "tasks", "startup"),
    *("files", "pairs", "polling", "ports", "queued", "crowded", "logged", "paths", "stopping"),
)
RUNS = (1, 8)  # how many consecutive allocations fail
SAMPLE = 13  # one in so many allocations is tried; a prime, because scenarios are periodic
SHARES = 8  # parts of one scenario, when all allocations are tried
TIMEOUT = 1800  # seconds for one child
COUNT = re.compile(r"^(\d+) tried, (\d+) failed$", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    scenario: str
    in_a_row: int
    first: int
    step: int


def jobs(whole: bool) -> list[Job]:
    """Return the jobs of the children; `whole`: try every allocation, else a sample."""
    if whole:
        return [
            Job(name, k, first + 1, SHARES) for name in SCENARIOS for k in RUNS for first in range(SHARES)
        ]
    return [Job(name, k, k, SAMPLE) for name in SCENARIOS for k in RUNS]


def play(job: Job) -> tuple[int, int]:
    """Return how many allocations were tried, and after how many something was lost."""
    return count(["run.py", job.scenario, str(job.in_a_row), str(job.first), str(job.step)])


def count(arguments: list[str], heap: str = "16m") -> tuple[int, int]:
    """Run a script of tests/nomem. Returns its counts; its failures are printed."""
    argv = [str(micropython.UNIX), "-X", f"heapsize={heap}", str(TESTS / arguments[0]), *arguments[1:]]
    name = " ".join(arguments)
    try:
        done = subprocess.run(
            argv,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # tasks that end with a MemoryError print it
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        say(f"{name}: not done after {TIMEOUT} s")
        return 1, 1
    match = COUNT.search(done.stdout)
    if match is None or done.returncode:
        print(f"{name}\n{done.stdout}ended with {done.returncode}", flush=True)
    return (int(match[1]), int(match[2])) if match else (1, 1)


def run(whole: bool = False) -> tuple[int, int]:
    """(passed, failed) allocations of all scenarios."""
    micropython.unix()
    freeze.lay_out(BUILD / "library")
    start = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = [
            *pool.map(play, jobs(whole)),
            count(["cost.py"]),
            count(["work.py"]),
            count(["unclosed.py"], "64m"),
            count(["churn.py"], "64m"),
            count(["churn_asyncio.py"], "64m"),
        ]
    tried, failed = (sum(counts) for counts in zip(*results, strict=True))
    say(f"{tried} allocations made to fail, {failed} lost something ({time.monotonic() - start:.0f} s)")
    return tried - failed, failed
