"""The invoke tasks: thin, the work is in host/. `invoke --list` names them, `--help TASK` their options."""

import functools
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

from host import bench as benchmarks
from host import board as boards
from host import unikernel
from host.build import image
from host.build import inspect as inspection
from host.check import compat as compatibility
from host.check import conformance as sheet
from host.check import fuzz as fuzzing
from host.check import lint as linters
from host.check import mutate as mutations
from host.check import nomem as allocations
from host.check import sim as simulation
from host.check import tiers
from host.check import upstream as upstream_tests
from host.check.compat import cpython
from host.check.compat import differences as known_differences
from host.errors import HostError, explain
from host.options import Options, parse_block, parse_memory, parse_nets
from host.paths import BUILD
from host.run import demo as demonstration
from host.run import foreground

INTERRUPTED = 130
BROKEN_PIPE = 141  # as a shell shows SIGPIPE


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
    for each in unikernel.names() if name == "all" else [name]:
        print(image.describe(image.build(each, board, strict)), flush=True)


@task(
    iterable=["net", "block", "mac"],
    help={
        "name": "the unikernel",
        "board": "default qemu-virtio",
        "net": "DEVICE=TAP or DEVICE=user[:HOSTPORT:GUESTPORT[/udp]]; repeats",
        "block": "DEVICE=FILE; repeats",
        "mac": "DEVICE=aa:bb:cc:dd:ee:ff; repeats",
        "args": "the image's own arguments, as one word",
        "mem": "MiB of memory; default as in unikernel.toml",
        "accel": "kvm or tcg; default is the first that starts",
        "pcap": "write what passes the net devices to this file",
        "gdb": "wait for gdb before the first instruction",
    },
)
@command
def run(
    _context: Context,
    name: str,
    net: Iterable[str],
    block: Iterable[str],
    mac: Iterable[str],
    board: str = boards.DEFAULT,
    args: str = "",
    mem: str = "",
    accel: str = "",
    pcap: str = "",
    gdb: bool = False,
) -> int:
    """Boot an image, its console on stdout; the exit code is the guest's, or 125 when it could not run."""
    options = Options(
        nets=parse_nets(net, mac),
        blocks=tuple(parse_block(text) for text in block),
        arguments=args,
        memory=parse_memory(mem),
        accelerator=accel,
        pcap=Path(pcap) if pcap else None,
        gdb=gdb,
    )
    return foreground.run(name, options, board)


@task(help={"net": "user (port forward, no root) or tap (a namespace of its own, root)"})
@command
def demo(_context: Context, net: str = "user") -> int:
    """`make run`: build echo, boot it, print how to reach it."""
    return demonstration.run(net)


@task(iterable=["tier"], help={"tier": f"one of {', '.join(tiers.TIERS)}; repeats, default all"})
@command
def test(_context: Context, tier: Iterable[str]) -> int:
    """Run linters and tests, tier by tier, with the time of each."""
    return int(tiers.run(list(tier)) > 0)


@task(help={"board": "default qemu-virtio"})
@command
def e2e(_context: Context, board: str = boards.DEFAULT) -> int:
    """Run end-to-end tests: booted images on taps in a network namespace."""
    os.environ["PYMNET_BOARD"] = board
    return int(tiers.run(["e2e"]) > 0)


@task(iterable=["only"], help={"only": "an item, MUST-12 say; repeats, default all"})
@command
def mutate(_context: Context, only: Iterable[str]) -> int:
    """Break each MUST of RFC 9293 in the stack: its tests must fail."""
    return int(mutations.run(list(only))[1] > 0)


@task
@command
def conformance(_context: Context) -> None:
    """Write docs/conformance.md: the tests of each item of the RFCs."""
    print(sheet.write())


@task
@command
def lint(_context: Context) -> int:
    """Check Python (ruff, mypy), C (clang-format, cppcheck), the frozen dialect, the layers and the
    wording."""
    return int(linters.run() > 0)


@task(help={"name": "the unikernel", "board": "default qemu-virtio"})
@command
def inspect(_context: Context, name: str, board: str = boards.DEFAULT) -> None:
    """Show the contents of an image: segments and their protection, sizes, devices, frozen modules,
    limits."""
    inspection.show(name, board)


@task(
    help={
        "quick": "a minute, nothing written",
        "only": f"one of {', '.join(benchmarks.GROUPS)}; of a Solo5 board boot or frames",
        "board": "a Solo5 board, beside qemu-virtio; without it qemu-virtio beside the Linux stack",
    }
)
@command
def bench(_context: Context, quick: bool = False, only: str = "", board: str = "") -> int:
    """Run benchmarks beside their peers; writes docs/performance.md."""
    return int(benchmarks.run(quick, only, board) > 0)


@task(
    help={
        "target": f"one of {', '.join(fuzzing.TARGETS)}",
        "time": "seconds, default 60",
        "replay": "run this one input again",
    }
)
@command
def fuzz(_context: Context, target: str, time: int = 60, replay: str = "") -> int:
    """Fuzz the stack guided by coverage (atheris); findings go to tests/fuzz/crashes."""
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
    return simulation.run(first, seeds, seed)


@task(
    help={
        "where": f"one of {', '.join(compatibility.PLACES)}; default unix",
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
    if differences:
        known_differences.document()
    else:
        compatibility.run(where, only, verbose, accept)


@task(help={"whole": "every allocation (half an hour); without it a sample"})
@command
def nomem(_context: Context, whole: bool = False) -> int:
    """Make allocations fail, one after the other: only the failing request may be lost."""
    return int(allocations.run(whole)[1] > 0)


@task(
    name="cpython-tests",
    help={"only": f"one of {', '.join(cpython.FILES)}", "accept": "what passes now is to pass from now on"},
)
@command
def cpython_tests(_context: Context, only: str = "", accept: bool = False) -> None:
    """Run CPython's own tests (Debian's libpython3.11-testsuite) on the unix build, method by method."""
    cpython.show(only, accept)


@task
@command
def upstream(_context: Context) -> None:
    """Run MicroPython's own tests on its unix build with our patches and modules."""
    upstream_tests.check()


@task
@command
def clean(_context: Context) -> None:
    """Remove what was built; downloads stay in the user's cache folder."""
    shutil.rmtree(BUILD, ignore_errors=True)
