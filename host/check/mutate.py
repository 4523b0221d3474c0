"""Mutation tests: do the tests notice a defect?

Each mutation of tests/mutations breaks one item of docs/conformance.md in the stack, and one of the tests
that show the item must then fail, by an assertion. Each is made in its own copy of the tree, one per core
at a time."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from host.check import conformance
from host.errors import HostError
from host.paths import ROOT
from host.report import step

MUTATIONS = Path("tests", "mutations")
PACKAGE = Path("stack", "mnet")
TIERS = ("tests/unit", "tests/sim")  # whose tests are run, in this order
NEEDED = ("pyproject.toml", "stack", "tests/*.py", "tests/expected_skips", "tests/shims", *TIERS)
OWED = "MUST-"  # every such item that has a test needs a mutation
# plugins; the latter takes longer to import than a test to run
UNUSED = ("no:cacheprovider", "no:hypothesispytest")
TIMEOUT = 60  # seconds for the tests of one item
ASSERTION = re.compile(r"assert |AssertionError|Failed: ")  # the last is the message of pytest.raises

RED, SURVIVED, BROKEN = "red", "survived", "broken"


@dataclass(frozen=True)
class Mutation:
    """In a file of stack/mnet `old` becomes `new`; `breaks` describes the defect."""

    item: str
    file: str
    breaks: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.item} ({self.file}: {self.breaks})"

    def changed(self, tree: Path) -> str:
        """Return the mutated source of the file."""
        path = tree / PACKAGE / self.file
        if not path.is_file():
            raise HostError(f"{self}: there is no such file")
        source = path.read_text()
        count = source.count(self.old)
        if count != 1:
            raise HostError(f"{self}: what it changes is there {count} times: name lines that are there once")
        return source.replace(self.old, self.new)

    def apply(self, tree: Path) -> None:
        """Change the file, and remove its compiled copy."""
        path = tree / PACKAGE / self.file
        path.write_text(self.changed(tree))
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


@dataclass(frozen=True)
class Trial:
    """The outcome: RED is right; SURVIVED: the tests are too weak; BROKEN: they failed without an
    assertion."""

    mutation: Mutation
    verdict: str
    detail: str

    def __str__(self) -> str:
        return f"{self.mutation.item:8} {self.verdict:8} {self.mutation.breaks}: {self.detail}"


def load() -> list[Mutation]:
    """Load all mutations in the order of their files, and check that each applies."""
    mutations = []
    for path in sorted((ROOT / MUTATIONS).glob("*.toml")):
        try:
            for item, entries in tomllib.loads(path.read_text()).items():
                mutations += [
                    Mutation(item, each["file"], each["breaks"], each["from"], each["to"]) for each in entries
                ]
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise HostError(f"{MUTATIONS / path.name}: {error!r}: each has file, breaks, from, to") from error
    for mutation in mutations:
        mutation.changed(ROOT)
    return mutations


def tests_of(item: str, showing: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids of the tests that show an item, the fastest tier first."""
    tests = [test for tier in TIERS for test in showing.get(item, ()) if test.startswith(f"{tier}/")]
    if not tests:
        raise HostError(f"{item}: no test in {' or '.join(TIERS)} names it")
    return tests


def missing(mutations: Iterable[Mutation], showing: Iterable[str]) -> list[str]:
    """Return the items that need a mutation and have none."""
    items = {mutation.item for mutation in mutations}
    return [item for item in showing if item.startswith(OWED) and item not in items]


@contextmanager
def copy() -> Iterator[Path]:
    """Make a copy of the tree with what the tests need."""
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        tree = Path(folder)
        for source in (path for pattern in NEEDED for path in ROOT.glob(pattern)):
            target = tree / source.relative_to(ROOT)
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        yield tree


def run_tests(tree: Path, tests: Iterable[str], timeout: int) -> tuple[str, str]:
    """Run tests until one fails. Returns the verdict, and the failed assertion."""
    report = tree / "report.xml"
    plugins = [word for name in UNUSED for word in ("-p", name)]
    argv = [sys.executable, "-m", "pytest", "-x", "-q", *plugins, f"--junitxml={report}", *tests]
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            argv,
            cwd=tree,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return BROKEN, f"not over after {timeout} seconds"
    if done.returncode == 0:
        return SURVIVED, "its tests pass"
    for case in ElementTree.parse(report).iter("testcase") if report.is_file() else ():
        for wrong in (*case.iter("failure"), *case.iter("error")):
            said = wrong.get("message", "").partition("\n")[0]
            if wrong.tag == "failure" and ASSERTION.match(said):
                return RED, f"{case.get('name')}: {said}"
            where = (wrong.text or "").rstrip().rpartition("\n")[2]
            return BROKEN, f"{case.get('name')}: {said} ({where})"
    return BROKEN, f"pytest: exit code {done.returncode}: {(done.stdout + done.stderr).strip()[-200:]}"


def try_out(mutation: Mutation, tests: Iterable[str]) -> Trial:
    """Apply a mutation and run the tests of its item."""
    with copy() as tree:
        mutation.apply(tree)
        return Trial(mutation, *run_tests(tree, tests, TIMEOUT))


def trials(mutations: Sequence[Mutation], tests: Mapping[str, Sequence[str]]) -> Iterator[Trial]:
    """Try each mutation with the tests of its item, after checking that they pass without it; in order."""
    with copy() as tree:
        every = dict.fromkeys(test for each in tests.values() for test in each)
        verdict, detail = run_tests(tree, every, 5 * TIMEOUT)
    if verdict != SURVIVED:
        raise HostError(f"without any mutation: {detail}")
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield from pool.map(lambda each: try_out(each, tests[each.item]), mutations)
    finally:
        pool.shutdown(cancel_futures=True)


def run(only: Sequence[str] = ()) -> tuple[int, int]:
    """Try all mutations, or those of some items; print a line for each and one with the totals. Returns
    how many made their tests red, and how many did not or are missing."""
    showing = conformance.showing()
    mutations = load()
    if unknown := set(only) - {mutation.item for mutation in mutations}:
        raise HostError(f"no mutation of {', '.join(sorted(unknown))} in {MUTATIONS}")
    owed = [] if only else missing(mutations, showing)
    mutations = [mutation for mutation in mutations if not only or mutation.item in only]
    tests = {mutation.item: tests_of(mutation.item, showing) for mutation in mutations}
    wrong = []
    with step(f"{len(mutations)} mutations") as at:
        for trial in trials(mutations, tests):
            at(trial.mutation.item)
            print(trial, flush=True)
            if trial.verdict != RED:
                wrong.append(f"{trial.mutation.item} {trial.verdict}")
    wrong += [f"{item} has none" for item in owed]
    red = len(mutations) + len(owed) - len(wrong)
    print(f"{red} of {red + len(wrong)} are red", *wrong, sep=", ", flush=True)
    return red, len(wrong)
