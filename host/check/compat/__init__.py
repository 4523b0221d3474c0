"""`invoke compat`: how much of CPython's language and library works in an image, and the tests that keep
it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from os import geteuid

from host.check.compat import corpus, layout, places
from host.check.compat.corpus import OWN, SHARED, Case
from host.check.compat.outcome import Outcome, summary
from host.errors import HostError
from host.net.netns import Namespace
from host.report import say

PLACES = ("cpython", "unix", "image")
PASSES = OWN / "passes"


@contextmanager
def peer(cases: Sequence[Case]) -> Iterator[None]:
    """Start the host's side of the network, in its own namespace if possible: its ports are fixed."""
    with ExitStack() as stack:
        if geteuid() == 0:
            stack.enter_context(Namespace())
        if any(case.needs_peer or case.kind == "service" for case in cases):
            argv = [sys.executable, str(SHARED / "peer.py")]
            process = stack.enter_context(subprocess.Popen(argv, stderr=subprocess.DEVNULL))
            stack.callback(process.kill)
        yield


def outcomes(cases: Sequence[Case], where: str) -> Iterator[Outcome]:
    """Yield the outcome of each case, in the order of the place."""
    if where not in PLACES:
        raise HostError(f"--where {where}: expected one of {', '.join(PLACES)}")
    if where == "cpython":
        with peer(cases):
            yield from places.on_cpython(cases)
        return
    laid_out = layout.lay_out(cases)
    yield from laid_out.unbuilt
    with peer(cases):
        yield from places.on_unix(laid_out) if where == "unix" else places.in_image(laid_out)


def accepted(where: str) -> set[str]:
    """Return the cases that are known to pass there."""
    path = PASSES / where
    return set(path.read_text().split()) if path.is_file() else set()


def accept(where: str, found: Sequence[Outcome]) -> None:
    """Record what passes now; cases that were not run stay as they are."""
    names = accepted(where) - {outcome.name for outcome in found}
    names |= {outcome.name for outcome in found if outcome.passed}
    PASSES.mkdir(exist_ok=True)
    (PASSES / where).write_text("".join(f"{name}\n" for name in sorted(names)))


def run(where: str, only: str, verbose: bool, accepting: bool) -> None:
    """Print the cases that did not pass (with `verbose` all), then the counts."""
    cases = corpus.load(only)
    if not cases:
        raise HostError(f"no case matches {only!r}; {corpus.MISSING}" if only else corpus.MISSING)
    found = []
    titles = {case.name: case.title for case in cases}
    for outcome in outcomes(cases, where):
        found.append(outcome)
        if verbose or not outcome.passed:
            print(outcome, flush=True)
            if not outcome.passed:
                print(f"      {titles[outcome.name][:150]}", flush=True)
    print(summary(found))
    if accepting:
        accept(where, found)
    if not SHARED.is_dir():
        say(corpus.MISSING)
