"""Two stacks on a simulated wire, in thousands of scenarios that tests/sim/seeds.py plays."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from host.errors import HostError
from host.paths import ROOT

PLAYER = ROOT / "tests" / "sim" / "seeds.py"
BATCH = 50  # seeds per child
SHOWN = 10  # failures printed in full
Answer = dict[str, Any]


@dataclass
class Tally:
    """Totals of many scenarios."""

    seeds: int = 0
    frames: int = 0
    hours: float = 0.0  # virtual
    given_up: int = 0
    failures: list[Answer] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        self.seeds += 1
        if "error" in answer:
            self.failures.append(answer)
            return
        self.frames += answer["frames"]
        self.hours += answer["time"] / 3600e6
        self.given_up += answer["given_up"]

    def __str__(self) -> str:
        return (
            f"{self.seeds} seeds, {self.frames} frames, {self.hours:.1f} virtual hours, "
            f"{self.given_up} given up as they may, {len(self.failures)} failed"
        )


def batch(first: int, count: int) -> list[Answer]:
    """Return the answers for `count` seeds; a seed whose player died counts as failed."""
    argv = [sys.executable, str(PLAYER), str(first), str(count)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    answers: list[Answer] = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) < count:
        error = f"its player ended with {done.returncode}"
        answers.append({"seed": first + len(answers), "error": error, "scenario": ""})
    return answers


def answers(first: int, count: int) -> Iterator[Answer]:
    """Yield all answers in order, from one player per core."""
    starts = range(first, first + count, BATCH)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(batch, starts, [min(BATCH, first + count - start) for start in starts]):
            yield from found


def play(first: int, count: int) -> Tally:
    """Play the seeds, and print how to replay those that fail."""
    tally, start = Tally(), time.monotonic()
    for answer in answers(first, count):
        tally.add(answer)
        if "error" in answer and len(tally.failures) <= SHOWN:
            print(f"seed {answer['seed']}: {answer['error']}\n{answer['scenario']}")
            print(f"replay: SIM_TRACE=1 invoke sim --seed {answer['seed']}", flush=True)
    print(f"{tally} ({time.monotonic() - start:.0f} s)", flush=True)
    return tally


def run(first: int, count: int, seed: int) -> int:
    """Run `invoke sim`; -1: no particular seed."""
    if seed >= 0:
        return subprocess.run([sys.executable, str(PLAYER), str(seed)], cwd=ROOT, check=False).returncode
    if count < 1 or first < 0:
        raise HostError("seeds are numbers from 0 on; at least one is played")
    return int(bool(play(first, count).failures))
