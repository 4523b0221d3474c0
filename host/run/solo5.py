"""Solo5's tenders: which ones can run an image here, and their common command line."""

import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from host.board import Board
from host.errors import LaunchError
from host.options import Net, Options
from host.paths import ROOT
from host.report import say
from host.run.guest import Attempt, Output
from host.run.runner import Runner
from host.tender import emulator, kvm

MEMORY_MAX = 4096  # MiB
TENDER_FAILED = 1
OURS = {"kvm": kvm.obstacle, "unicorn": emulator.obstacle}
# spt's process is the guest, so it dies of the guest's faults.
FAULTS = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP, signal.SIGSYS}
# Messages of tenders on stderr that are no errors.
REMARKS = ("adjusting memory", "warning")


def nets(options: Options) -> Iterator[str]:
    for net in options.nets:
        yield f"--net:{net.device}={net.tap}"
        if net.mac:
            yield f"--net-mac:{net.device}={net.mac}"


def command(tender: Sequence[str], image: Path, options: Options) -> list[str]:
    """Return the command line. A tender joins the words after the image with blanks; one word stays
    unchanged."""
    words = [*tender, f"--mem={options.memory & ~1}", *nets(options)]
    words += [f"--block:{block.device}={block.file}" for block in options.blocks]
    words += [*options.extra, "--", str(image)]
    return [*words, options.arguments] if options.arguments else words


def guest_code(board: Board, returned: int, complaints: Sequence[str]) -> int | None:
    """Return the guest's exit code from the tender's; None if the tender failed."""
    if returned < 0:
        is_fault = board.settings.get("faults") == "signal" and -returned in FAULTS
        return 128 - returned if is_fault else None
    failed = [line for line in complaints if not any(remark in line.lower() for remark in REMARKS)]
    return None if returned == TENDER_FAILED and failed else returned


def check(board: Board, options: Options) -> None:
    """Check the options against what these boards cannot do."""
    for net in options.nets:
        refuse_user(board, net)
    if options.gdb:
        raise LaunchError(f"--gdb: board {board.name} has no debugger; qemu-virtio does")
    if options.memory > MEMORY_MAX:
        raise LaunchError(f"--mem {options.memory}: Solo5 gives {MEMORY_MAX} MiB at most")


def refuse_user(board: Board, net: Net) -> None:
    if net.is_user:
        raise LaunchError(
            f"--net {net.device}=user: board {board.name} has taps only: --net {net.device}=tap0, "
            "or --board qemu-virtio"
        )


def ours(board: Board) -> list[str]:
    """Return the back ends of our own tender that can run this board's images."""
    names: list[str] = board.settings.get("tender", [])
    return names


def ways(board: Board) -> dict[str, str]:
    """Return the tenders of a board, best first, each with the reason why it is unusable (empty: usable)."""
    program: str = board.settings["program"]
    found = {program: "" if shutil.which(program) else f"no {program} on PATH"}
    return found | {name: f"{name}: {why}" if (why := OURS[name]()) else "" for name in ours(board)}


def attempts(board: Board, image: Path, options: Options) -> list[Attempt]:
    """Return the attempts to run the image, best first."""
    known = ways(board)
    wanted = [options.accelerator] if options.accelerator else list(known)
    if not set(wanted) <= known.keys():
        raise LaunchError(f"--accel {options.accelerator}: board {board.name} has {' and '.join(known)}")
    check(board, options)
    usable = [name for name in wanted if not known[name]]
    if not usable:
        raise LaunchError(f"board {board.name}: {'; '.join(known[name] for name in wanted)}")
    if usable[0] in ours(board):
        say(f"running with our own tender on {usable[0]}")
        return [our_attempt(name, image, options) for name in usable]
    say(f"running with {shutil.which(usable[0])}")
    # its failures cannot be classified, so no other is tried
    return [attempt(board, usable[0], image, options)]


def attempt(board: Board, program: str, image: Path, options: Options) -> Attempt:
    return Attempt(
        program,
        lambda _status: command([program], image, options),
        lambda returned, complaints: guest_code(board, returned, complaints),
        output(board, options),
    )


def output(board: Board, options: Options) -> Output:
    """Return how upstream's tenders treat slow readers: spt's lets the guest write to the console itself,
    hvt's waits."""
    if board.target == "spt":
        return Output.NONBLOCKING
    drops = "--console=drop" in options.arguments.split()
    return Output.SPOOLED_DROPS if drops else Output.SPOOLED


def our_attempt(back_end: str, image: Path, options: Options) -> Attempt:
    """Return an attempt with host/tender, which reports the guest's exit code itself."""
    python = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "host.tender", f"--accel={back_end}"]
    return Attempt(back_end, lambda status: command([*python, f"--status={status}"], image, options))


RUNNER = Runner(ways, attempts)
