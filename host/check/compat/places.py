"""Where cases run: CPython, MicroPython's unix build, a booted image. Cases are isolated from each other."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from host.build import image, micropython
from host.check.compat import services
from host.check.compat.corpus import OWN, PEER, SHARED, Case
from host.check.compat.layout import Layout, compile_tree
from host.check.compat.outcome import CRASHED, FAILED, HUNG, PASSED, Outcome, last_line
from host.errors import LaunchError
from host.options import Forward, Net, Options
from host.paths import ROOT
from host.proc import build_env
from host.run import launch
from host.run.guest import Guest

TIMEOUT = 20.0  # seconds per case on a busy machine
FAULT = 120  # exit codes of a guest from here on are CPU exceptions
HEAP = "64m"
VERDICT = r"@@ %s (pass|fail)(.*)$"
FOLDERS = (SHARED, OWN)


def judged(name: str, code: int, text: str) -> Outcome:
    """Return the outcome for an exit code of a process or guest."""
    if code == 0:
        return Outcome(name, PASSED)
    ending = CRASHED if code < 0 or code >= FAULT else FAILED
    return Outcome(name, ending, last_line(text) or f"exit code {code}")


def in_process(name: str, argv: Sequence[str], cwd: Path) -> Outcome:
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env=build_env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(name, HUNG, f"still runs after {TIMEOUT:g} s")
    code = done.returncode if done.returncode != -signal.SIGABRT else FAULT
    return judged(name, code, done.stdout)


def on_cpython(cases: Sequence[Case]) -> Iterator[Outcome]:
    """Run programs unchanged; a fact with a line that calls it."""
    for case in cases:
        folder = next(
            (each for each in FOLDERS if (each / f"{case.kind}s" / f"{case.name}.py").is_file()), OWN
        )
        script = str(folder / f"{case.kind}s" / f"{case.name}.py")
        if case.kind == "service":
            yield serve_on_cpython(case, [sys.executable, script, "127.0.0.1"])
        elif case.kind == "program":
            yield in_process(case.name, [sys.executable, script], folder / "programs")
        else:
            source = case.source.replace(f'"{PEER}"', '"127.0.0.1"', 1) + "\nfact()\n"
            yield in_process(case.name, [sys.executable, "-c", source], ROOT)


def serve_on_cpython(case: Case, argv: Sequence[str]) -> Outcome:
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            why = services.talk(case.name, services.PORT, lambda: process.poll() is not None)
        finally:
            process.kill()
    return Outcome(case.name, FAILED if why else PASSED, why)


def on_unix(layout: Layout) -> Iterator[Outcome]:
    """Run each case in its own process. There is no network; time is virtual, as in the unit tests."""
    folder, interpreter = compile_tree(layout), micropython.unix()
    for case in layout.cases:
        if case.kind == "service" or case.needs_peer:
            continue
        script = [str(OWN / "runner.py"), str(folder), str(ROOT / "tests" / "shims"), case.kind, case.name]
        argv = [str(interpreter), "-X", f"heapsize={HEAP}", *script]
        yield in_process(case.name, argv, SHARED if SHARED.is_dir() else ROOT)


def boot(layout: Layout, arguments: str, forwards: tuple[Forward, ...] = ()) -> Guest:
    nets = (Net("service", forwards=forwards),)
    return launch.launch(layout.folder, Options(nets=nets, arguments=arguments))


def program_in_image(layout: Layout, case: Case) -> Outcome:
    with boot(layout, f"program {case.name}") as guest:
        try:
            code = guest.wait(TIMEOUT)
        except TimeoutError:
            return Outcome(
                case.name, HUNG, f"still runs after {TIMEOUT:g} s: {last_line(guest.console.text)}"
            )
        except LaunchError as error:
            return Outcome(case.name, CRASHED, str(error))
        return judged(case.name, code, guest.console.text)


def service_in_image(layout: Layout, case: Case) -> Outcome:
    protocol = "udp" if services.key(case.name) in services.UDP else "tcp"
    port = launch.free_port()
    words = services.ARGUMENTS.get(services.key(case.name), ())
    arguments = " ".join(["program", case.name, *words]).replace("PEER", PEER)
    with boot(layout, arguments, (Forward(port, services.PORT, protocol),)) as guest:
        why = services.talk(case.name, port, lambda: not guest.running)
        if not why:
            return Outcome(case.name, PASSED)
        if not guest.running:
            return judged(case.name, guest.wait(TIMEOUT) or 1, guest.console.text)
        return Outcome(case.name, FAILED, why)


def facts_in_image(layout: Layout, names: Sequence[str]) -> Iterator[Outcome]:
    """Run as many facts as possible in one image; after one that ends or hangs it, a new image continues."""
    first = 0
    while first < len(names):
        for outcome in facts_from(layout, names, first):
            first += 1
            yield outcome


def facts_from(layout: Layout, names: Sequence[str], first: int) -> Iterator[Outcome]:
    """Yield the verdicts of one image, at least one."""
    with boot(layout, f"facts {first}") as guest:
        seen = 0
        for name in names[first:]:
            try:
                match = guest.wait_for(re.compile(VERDICT % name, re.MULTILINE), TIMEOUT, seen)
            except TimeoutError:
                yield Outcome(name, HUNG, f"no verdict in {TIMEOUT:g} s")
                return
            except EOFError:
                code = guest.wait(TIMEOUT)
                yield Outcome(name, CRASHED, f"exit code {code}: {last_line(guest.console.text)}")
                return
            seen = match.end()
            yield Outcome(name, match[1], match[2].strip())


def in_image(layout: Layout) -> Iterator[Outcome]:
    image.build(layout.folder)
    ways = {"program": program_in_image, "service": service_in_image}
    for case in layout.cases:
        if case.kind in ways:
            yield ways[case.kind](layout, case)
    yield from facts_in_image(layout, [case.name for case in layout.cases if case.kind == "fact"])
