"""Run an image: find out first what would go wrong, then start the board's runner."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from host import board as boards
from host import elf, pcap, qemu, solo5, tap, unikernel, unikraft
from host import image as images
from host.board import Board
from host.errors import HostError, LaunchError, explain
from host.guest import Attempt, Guest
from host.image import image_path
from host.manifest import Device, Kind
from host.options import Block, Forward, Net, Options, ipv4_address
from host.paths import shown
from host.report import say

KVM = Path("/dev/kvm")
Attached = TypeVar("Attached", Net, Block)
SOCKETS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def is_free(forward: Forward) -> bool:
    """Whether the host's port of a forward can be had."""
    with socket.socket(socket.AF_INET, SOCKETS[forward.protocol]) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(forward.protocol == "tcp"))
        try:
            probe.bind(("127.0.0.1", forward.host))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that is free for TCP and UDP on the host."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if is_free(Forward(port, port, "tcp")) and is_free(Forward(port, port, "udp")):
            return port


def kvm_is_usable() -> bool:
    return os.access(KVM, os.R_OK | os.W_OK)


def kvm_obstacle() -> str:
    """Why this process cannot use KVM; empty if it can."""
    if not KVM.exists():
        return f"no {KVM} on this machine"
    if not kvm_is_usable():
        return f"no permission to use {KVM} (be in the group kvm, or be root)"
    return ""


def qemu_ways(board: Board) -> dict[str, str]:
    """What stands in the way of each accelerator, in the board's order; nothing: it can be used."""
    names: list[str] = board.settings["accelerators"]
    return {name: kvm_obstacle() if name == "kvm" else "" for name in names}


def unikraft_ways(board: Board) -> dict[str, str]:
    """The same accelerators, for images that can be built only where Unikraft is."""
    missing = unikraft.obstacle()
    ways = qemu_ways(board)
    ways["kvm"] = ways["kvm"] or unikraft.kvm_obstacle()
    return {name: missing or why for name, why in ways.items()}


def accelerators(board: Board, wanted: str) -> list[str]:
    """Those to try, in the board's order."""
    known = RUNNERS[board.runner].ways(board)
    if wanted and wanted not in known:
        raise LaunchError(f"--accel {wanted}: board {board.name} has {' and '.join(known)}")
    if wanted and known[wanted]:
        raise LaunchError(f"--accel {wanted}: {known[wanted]}; without it, --accel tcg works")
    return [wanted] if wanted else [name for name, obstacle in known.items() if not obstacle]


def in_order(
    given: Sequence[Attached], kind: Kind, devices: Sequence[Device], what: str
) -> tuple[Attached, ...]:
    """What is attached, in the manifest's order: that is how the guest tells its devices apart."""
    names = [device.name for device in devices if device.kind is kind]
    by_name = {attached.device: attached for attached in given}
    for unknown in by_name.keys() - names:
        raise LaunchError(f"--{kind.value} {unknown}=...: {what} has {' '.join(names) or 'no such device'}")
    for name in names:
        if name not in by_name:
            example = "tap0" if kind is Kind.NET else "FILE"
            raise LaunchError(f"{what} wants the device {name}: --{kind.value} {name}={example}")
    return tuple(by_name[name] for name in names)


def attach(options: Options, devices: Sequence[Device], board: Board, what: str) -> Options:
    for kind, given in ((Kind.NET, options.nets), (Kind.BLOCK, options.blocks)):
        if given and kind not in board.devices:
            raise LaunchError(f"--{kind.value}: board {board.name} has no {kind.value} devices yet")
    nets = in_order(options.nets, Kind.NET, devices, what)
    return replace(options, nets=nets, blocks=in_order(options.blocks, Kind.BLOCK, devices, what))


def check_networks(options: Options) -> None:
    for net in options.nets:
        if not net.is_user:
            tap.check(net.tap)
        for forward in net.forwards:
            if not is_free(forward):
                raise LaunchError(
                    f"{forward.protocol} port {forward.host} is in use on this machine: choose another"
                )


def check_memory(memory: int, content: elf.Elf, what: str) -> None:
    """That the image fits. With less the machine would not even get to saying so."""
    needed = -(-content.end // 2**20)
    if memory < needed:
        raise LaunchError(f"--mem {memory}: {what} alone takes {needed} MiB")


def captures(options: Options) -> list[AbstractContextManager[object]]:
    """Captures on taps; behind user networking the runner itself writes the file."""
    if options.pcap is None:
        return []
    alone = len(options.nets) == 1
    paths = {net: qemu.capture_path(options.pcap, net, alone) for net in options.nets}
    try:
        for path in paths.values():
            path.open("wb").close()
    except OSError as error:
        raise LaunchError(f"--pcap: {explain(error)}") from error
    return [pcap.capture(net.tap, path) for net, path in paths.items() if not net.is_user]


def qemu_attempts(board: Board, image: Path, options: Options) -> list[Attempt]:
    program = board.settings["program"]
    if not shutil.which(program):
        raise LaunchError(f"no {program} on this machine: make setup installs it")

    arguments = unikraft.arguments if board.runner == "unikraft" else qemu.image_arguments

    def attempt(accelerator: str) -> Attempt:
        return Attempt(
            accelerator,
            lambda status: qemu.command(board, image, options, accelerator, status, arguments),
        )

    if options.gdb:
        say(f"waiting for gdb: gdb {shown(image)}.debug -ex 'target remote :{qemu.GDB_PORT}'")
    return [attempt(accelerator) for accelerator in accelerators(board, options.accelerator)]


@dataclass(frozen=True)
class Runner:
    """What starts images: by what name `--accel` asks for each of its ways, and how to go them."""

    ways: Callable[[Board], dict[str, str]]
    attempts: Callable[[Board, Path, Options], list[Attempt]]


RUNNERS = {
    "qemu": Runner(qemu_ways, qemu_attempts),
    "solo5": Runner(solo5.ways, solo5.attempts),
    "unikraft": Runner(unikraft_ways, qemu_attempts),
}


def ways(board_name: str = boards.DEFAULT) -> dict[str, str]:
    """The accelerators of a board, and what stands in the way of each on this machine."""
    board = boards.load(board_name)
    return RUNNERS[board.runner].ways(board)


def launch(
    name: str | Path,
    options: Options,
    board_name: str = boards.DEFAULT,
    copy_to: Callable[[bytes], object] | None = None,
) -> Guest:
    """A guest that is ready to start: `with launch(...) as guest`. Every obstacle is a LaunchError."""
    try:
        application, board = unikernel.load(name), boards.load(board_name)
        if board.runner == "unikraft":
            unikraft.check()
        image = image_path(application.name, board.name)
        content = elf.load(image)
        devices = content.devices()
    except LaunchError:
        raise
    except HostError as error:
        raise LaunchError(str(error)) from error
    options = replace(options, memory=options.memory or application.memory)
    options = attach(options, devices, board, shown(image))
    check_memory(options.memory, content, shown(image))
    check_networks(options)
    ipv4_address(options.arguments)  # complains about arguments that cannot be split
    resources = captures(options)
    return Guest(RUNNERS[board.runner].attempts(board, image, options), copy_to, resources)


def show(data: bytes) -> None:
    """The console of a guest in the foreground. Nothing is left in a buffer when its reader has gone."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


def bring_up_to_date(name: str | Path, board_name: str) -> None:
    """Build the image again if its sources are newer. LaunchError if that cannot be done."""
    try:
        if not images.is_current(unikernel.load(name), boards.load(board_name).name):
            images.build(name, board_name, sources_too=True)
    except LaunchError:
        raise
    except HostError as error:
        raise LaunchError(str(error)) from error


def run(name: str | Path, options: Options, board_name: str = boards.DEFAULT) -> int:
    """Run an image in the foreground, built anew where it is older than its sources; its exit code."""
    bring_up_to_date(name, board_name)
    with launch(name, options, board_name, show) as guest:
        return guest.wait()
