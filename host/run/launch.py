"""Launch an image: check everything that can be checked, then start it with the board's runner."""

import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from host import board as boards
from host import elf, unikernel
from host.board import Board, image_path
from host.errors import HostError, LaunchError, explain
from host.manifest import Device, Kind
from host.net import pcap, tap
from host.options import Block, Forward, Net, Options, ipv4_address
from host.paths import shown
from host.run import qemu, solo5, unikraft
from host.run.guest import Guest

Attached = TypeVar("Attached", Net, Block)
SOCKETS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def is_free(forward: Forward) -> bool:
    """Whether the host's port of a forward is free."""
    with socket.socket(socket.AF_INET, SOCKETS[forward.protocol]) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(forward.protocol == "tcp"))
        try:
            probe.bind(("127.0.0.1", forward.host))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that is free for TCP and UDP on the host."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if is_free(Forward(port, port, "tcp")) and is_free(Forward(port, port, "udp")):
            return port


def in_order(
    given: Sequence[Attached], kind: Kind, devices: Sequence[Device], what: str
) -> tuple[Attached, ...]:
    """Return the attachments in the manifest's order, by which the guest identifies its devices."""
    names = [device.name for device in devices if device.kind is kind]
    by_name = {attached.device: attached for attached in given}
    for unknown in by_name.keys() - names:
        raise LaunchError(f"--{kind.value} {unknown}=...: {what} has {' '.join(names) or 'no such device'}")
    for name in names:
        if name not in by_name:
            example = "tap0" if kind is Kind.NET else "FILE"
            raise LaunchError(f"{what} wants the device {name}: --{kind.value} {name}={example}")
    return tuple(by_name[name] for name in names)


def with_ports(options: Options, devices: Sequence[Device], what: str) -> Options:
    """Return the options with --port as --net of the first net device."""
    if not options.ports:
        return options
    names = [device.name for device in devices if device.kind is Kind.NET]
    if not names:
        raise LaunchError(f"--port: {what} has no net device")
    before = next((net for net in options.nets if net.device == names[0]), Net(names[0]))
    if not before.is_user:
        raise LaunchError(f"--port: device {names[0]} is on {before.tap}; ports are for user networking")
    others = tuple(net for net in options.nets if net.device != names[0])
    forwards = before.forwards + options.ports
    return replace(options, nets=(*others, replace(before, forwards=forwards)), ports=())


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
    """Check that the image fits in memory. Otherwise the machine would fail without a message."""
    needed = -(-content.end // 2**20)
    if memory < needed:
        raise LaunchError(f"--mem {memory}: {what} alone takes {needed} MiB")


def captures(options: Options) -> list[AbstractContextManager[object]]:
    """Return captures on taps; with user networking the runner itself writes the file."""
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


RUNNERS = {"qemu": qemu.RUNNER, "solo5": solo5.RUNNER, "unikraft": unikraft.RUNNER}


def ways(board_name: str = boards.DEFAULT) -> dict[str, str]:
    """Return the accelerators of a board, each with the reason why it is unusable here (empty: usable)."""
    board = boards.load(board_name)
    return RUNNERS[board.runner].ways(board)


def launch(
    name: str | Path,
    options: Options,
    board_name: str = boards.DEFAULT,
    copy_to: Callable[[bytes], object] | None = None,
) -> Guest:
    """Prepare a guest for `with launch(...) as guest`. Every obstacle is a LaunchError."""
    try:
        application, board = unikernel.load(name), boards.load(board_name)
        RUNNERS[board.runner].check()
        image = image_path(application.key, board.name)
        content = elf.load(image)
        devices = content.devices()
    except LaunchError:
        raise
    except HostError as error:
        raise LaunchError(str(error)) from error
    options = replace(options, memory=options.memory or application.memory)
    options = with_ports(options, devices, shown(image))
    options = attach(options, devices, board, shown(image))
    check_memory(options.memory, content, shown(image))
    check_networks(options)
    ipv4_address(options.arguments)  # raises for arguments that cannot be split
    resources = captures(options)
    return Guest(RUNNERS[board.runner].attempts(board, image, options), copy_to, resources)
