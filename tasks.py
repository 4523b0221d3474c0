"""The invoke tasks: thin, the work is in host/. `invoke --list` names them, `--help TASK` their options."""

import functools
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from host import board as boards
from host import unikernel
from host.errors import HostError, explain
from host.options import Options, parse_block, parse_memory, parse_nets, parse_ports
from host.paths import BUILD

# The rest of host/ is imported by the task that needs it: a build with nothing to do is to take no time.

INTERRUPTED = 130
BROKEN_PIPE = 141  # as a shell shows SIGPIPE


def one_of(module: str, name: str) -> str:
    """Return the words that a table of host/ has, for the help of a task."""
    if not {"--help", "-h"} & set(sys.argv):
        return ""
    return f"one of {', '.join(getattr(importlib.import_module(module), name))}"


def command(body: Callable[..., int | None]) -> Callable[..., None]:
    """Turn every failure into one line, and every exit code into that of the body; signals clean up as
    Ctrl-C does."""

    @functools.wraps(body)
    def wrapper(*arguments: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # ignored, as under nohup
                signal.signal(number, signal.default_int_handler)
        try:
            code = body(*arguments, **options)
        except HostError as error:
            raise Exit(f"{body.__name__}: {error}", error.code) from None
        except BrokenPipeError:  # the reader of our output has closed it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = BROKEN_PIPE
        except OSError as error:
            raise Exit(f"{body.__name__}: {explain(error)}", HostError.code) from None
        except KeyboardInterrupt:
            raise Exit(code=INTERRUPTED) from None
        if code:
            raise Exit(code=code)

    return wrapper


@task(
    help={
        "name": "the unikernel, or all",
        "board": "default qemu-virtio",
        "strict": "an import that nothing satisfies is an error",
    }
)
@command
def build(_context: Context, name: str, board: str = boards.DEFAULT, strict: bool = False) -> None:
    """Build an image: build/BOARD/NAME.elf."""
    from host.build import current

    for each in unikernel.names() if name == "all" else [name]:
        text = current.describe(unikernel.load(each), board, strict)
        if not text:
            from host.build import image

            text = image.describe(image.build(each, board, strict))
        print(text, flush=True)
        current.publish(unikernel.load(each), board)


@task(
    iterable=["net", "port", "block", "mac"],
    help={
        "name": "the unikernel",
        "port": "HOST:GUEST[/udp]: a port of this machine leads to the image, by user networking; repeats",
        "board": "default qemu-virtio",
        "net": "DEVICE=TAP or DEVICE=user[:HOSTPORT:GUESTPORT[/udp]]; repeats",
        "block": "DEVICE=FILE; repeats",
        "mac": "DEVICE=aa:bb:cc:dd:ee:ff; repeats",
        "args": "the image's own arguments, as one word",
        "mem": "MiB of memory; default as in unikernel.toml",
        "accel": "kvm or tcg; default is the first that starts",
        "pcap": "write what passes the net devices to this file",
        "gdb": "wait for gdb before the first instruction",
        "watch": "build again and start again when a source changes",
    },
)
@command
def run(
    _context: Context,
    name: str,
    port: Iterable[str],
    net: Iterable[str],
    block: Iterable[str],
    mac: Iterable[str],
    board: str = boards.DEFAULT,
    args: str = "",
    mem: str = "",
    accel: str = "",
    pcap: str = "",
    gdb: bool = False,
    watch: bool = False,
) -> int:
    """Boot an image, its console on stdout; the exit code is the guest's, or 125 when it could not run."""
    from host.run import foreground

    options = Options(
        nets=parse_nets(net, mac),
        ports=parse_ports(port),
        blocks=tuple(parse_block(text) for text in block),
        arguments=args,
        memory=parse_memory(mem),
        accelerator=accel,
        pcap=Path(pcap) if pcap else None,
        gdb=gdb,
    )
    return foreground.watch(name, options, board) if watch else foreground.run(name, options, board)


@task(help={"name": "a folder that does not exist yet"})
@command
def new(_context: Context, name: str) -> None:
    """Begin an application: a folder with main.py, unikernel.toml and a page."""
    from host import new as beginning

    print(beginning.begin(Path(name)))


@task
@command
def doctor(_context: Context) -> int:
    """Say what this machine can build and run, and what to install."""
    from host.run import doctor as examination

    return examination.show()


@task(help={"net": "user (port forward, no root) or tap (a namespace of its own, root)"})
@command
def demo(_context: Context, net: str = "user") -> int:
    """`make run`: build echo, boot it, print how to reach it."""
    from host.run import demo as demonstration

    return demonstration.run(net)


@task(iterable=["tier"], help={"tier": f"{one_of('host.check.tiers', 'TIERS')}; repeats, default all"})
@command
def test(_context: Context, tier: Iterable[str]) -> int:
    """Run linters and tests, tier by tier, with the time of each."""
    from host.check import tiers

    return int(tiers.run(list(tier)) > 0)


@task(help={"board": "default qemu-virtio"})
@command
def e2e(_context: Context, board: str = boards.DEFAULT) -> int:
    """Run end-to-end tests: booted images on taps in a network namespace."""
    from host.check import tiers

    os.environ["PYMNET_BOARD"] = board
    return int(tiers.run(["e2e"]) > 0)


@task(iterable=["only"], help={"only": "an item, MUST-12 say; repeats, default all"})
@command
def mutate(_context: Context, only: Iterable[str]) -> int:
    """Break each MUST of RFC 9293 in the stack: its tests must fail."""
    from host.check import mutate as mutations

    return int(mutations.run(list(only))[1] > 0)


@task
@command
def conformance(_context: Context) -> None:
    """Write docs/conformance.md: the tests of each item of the RFCs."""
    from host.check import conformance as sheet

    print(sheet.write())


@task
@command
def lint(_context: Context) -> int:
    """Check Python (ruff, mypy), C (clang-format, cppcheck), the frozen dialect, the layers and the
    wording."""
    from host.check import lint as linters

    return int(linters.run() > 0)


@task(help={"name": "the unikernel", "board": "default qemu-virtio"})
@command
def inspect(_context: Context, name: str, board: str = boards.DEFAULT) -> None:
    """Show the contents of an image: segments and their protection, sizes, devices, frozen modules,
    limits."""
    from host.build import inspect as inspection

    inspection.show(name, board)


@task(
    help={
        "quick": "a minute, nothing written",
        "only": f"{one_of('host.bench', 'GROUPS')}; of a Solo5 board boot or frames",
        "board": "a Solo5 board, beside qemu-virtio; without it qemu-virtio beside the Linux stack",
    }
)
@command
def bench(_context: Context, quick: bool = False, only: str = "", board: str = "") -> int:
    """Run benchmarks beside their peers; writes docs/performance.md."""
    from host import bench as benchmarks

    return int(benchmarks.run(quick, only, board) > 0)


@task(
    help={
        "target": one_of("host.check.fuzz", "TARGETS"),
        "time": "seconds, default 60",
        "replay": "run this one input again",
    }
)
@command
def fuzz(_context: Context, target: str, time: int = 60, replay: str = "") -> int:
    """Fuzz the stack guided by coverage (atheris); findings go to tests/fuzz/crashes."""
    from host.check import fuzz as fuzzing

    return fuzzing.run(target, time, replay)


@task(
    help={
        "seeds": "how many, default 1000",
        "first": "the first of them, default 0",
        "seed": "play this one alone and show it; with SIM_TRACE=1 every frame",
    }
)
@command
def sim(_context: Context, seeds: int = 1000, first: int = 0, seed: int = -1) -> int:
    """Run two stacks on a simulated wire, in scenarios drawn from seeds."""
    from host.check import sim as simulation

    return simulation.run(first, seeds, seed)


@task(
    help={
        "where": f"{one_of('host.check.compat', 'PLACES')}; default unix",
        "only": "cases whose name matches (l*, lang_01?), or of a kind: program, fact, service",
        "verbose": "name what passes, too",
        "accept": "what passes now is what `make test` demands from now on",
        "differences": "write the table of known differences into docs/differences.md instead",
    }
)
@command
def compat(
    _context: Context,
    where: str = "unix",
    only: str = "",
    verbose: bool = False,
    accept: bool = False,
    differences: bool = False,
) -> None:
    """Run the programs and facts of ../shared/compat and tests/compat: how much of CPython works."""
    from host.check import compat as compatibility
    from host.check.compat import differences as known_differences

    if differences:
        known_differences.document()
    else:
        compatibility.run(where, only, verbose, accept)


@task(help={"whole": "every allocation (half an hour); without it a sample"})
@command
def nomem(_context: Context, whole: bool = False) -> int:
    """Make allocations fail, one after the other: only the failing request may be lost."""
    from host.check import nomem as allocations

    return int(allocations.run(whole)[1] > 0)


@task(
    name="cpython-tests",
    help={
        "only": one_of("host.check.compat.cpython", "FILES"),
        "accept": "what passes now is to pass from now on",
    },
)
@command
def cpython_tests(_context: Context, only: str = "", accept: bool = False) -> None:
    """Run CPython's own tests (Debian's libpython3.11-testsuite) on the unix build, method by method."""
    from host.check.compat import cpython

    cpython.show(only, accept)


@task
@command
def upstream(_context: Context) -> None:
    """Run MicroPython's own tests on its unix build with our patches and modules."""
    from host.check import upstream as upstream_tests

    upstream_tests.check()


@task
@command
def clean(_context: Context) -> None:
    """Remove what was built; downloads stay in the user's cache folder."""
    shutil.rmtree(BUILD, ignore_errors=True)
