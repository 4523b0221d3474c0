"""QEMU: its command line for a board, an image and options, and its accelerators on this machine."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from host.board import Board
from host.errors import LaunchError
from host.options import Forward, Net, Options, ipv4_address
from host.paths import shown
from host.report import say
from host.run.guest import Attempt
from host.run.runner import Runner, accelerators

KVM = Path("/dev/kvm")

# The default addresses of QEMU's user networking.
USER_ADDRESS = "10.0.2.15"
USER_ARGUMENTS = f"--ipv4={USER_ADDRESS}/24 --ipv4-gateway=10.0.2.2"
GDB_PORT = 1234


def quoted(value: object) -> str:
    """Quote a value for an option list of QEMU: a comma is doubled."""
    return str(value).replace(",", ",,")


def image_arguments(options: Options) -> str:
    """Return the image's arguments; with user networking plus the address that QEMU expects, unless they
    name one."""
    if any(net.is_user for net in options.nets) and not ipv4_address(options.arguments):
        return f"{USER_ARGUMENTS} {options.arguments}".rstrip()
    return options.arguments


def forward_option(forward: Forward, address: str) -> str:
    return f"hostfwd={forward.protocol}:127.0.0.1:{forward.host}-{address}:{forward.guest}"


def backend(net: Net, name: str, guest_address: str) -> str:
    if net.is_user:
        return ",".join(["user", f"id={name}", *(forward_option(f, guest_address) for f in net.forwards)])
    return f"tap,id={name},ifname={net.tap},script=no,downscript=no"


def random_mac() -> str:
    """Return a locally administered unicast address; QEMU's default is the same for every guest."""
    return ":".join(f"{octet:02x}" for octet in (0x02, *secrets.token_bytes(5)))


def capture_path(pcap: Path, net: Net, alone: bool) -> Path:
    """Return the capture file of a device: with several devices, the device's name precedes the suffix."""
    return pcap if alone else pcap.with_name(f"{pcap.stem}-{net.device}{pcap.suffix}")


def nets(board: Board, options: Options) -> Iterator[str]:
    address = ipv4_address(options.arguments) or USER_ADDRESS
    for index, net in enumerate(options.nets):
        name = f"net{index}"
        yield from ("-netdev", backend(net, name, address))
        yield from ("-device", f"{board.settings['net']},netdev={name},mac={net.mac or random_mac()}")
        if options.pcap and net.is_user:
            file = quoted(capture_path(options.pcap, net, len(options.nets) == 1))
            yield from ("-object", f"filter-dump,id=dump{index},netdev={name},file={file}")


def blocks(board: Board, options: Options) -> Iterator[str]:
    for index, block in enumerate(options.blocks):
        name = f"block{index}"
        yield from ("-drive", f"if=none,id={name},format=raw,file={quoted(block.file)}")
        yield from ("-device", f"{board.settings['block']},drive={name}")


def console(board: Board) -> Iterator[str]:
    """Attach the serial port and, if present, the virtio console to stdout, so that their output stays in
    order.

    A `virtserialport` waits for a slow reader, where a `virtconsole` drops what does not fit into the
    pipe. It is closed at the end of its input, which `stdio` would have at once, so this one has no input."""
    yield from ("-chardev", "file,id=console,mux=on,path=/proc/self/fd/1")
    if port := board.settings.get("console"):
        yield from ("-device", f"{port},chardev=console")
    yield from ("-serial", "chardev:console")


STATUS_PORT = 0x501


def status(path: str, port: int = STATUS_PORT) -> Iterator[str]:
    """Attach two ports: the guest writes its exit code to one and stops the machine through the other."""
    yield from ("-chardev", f"file,id=status,path={quoted(path)}")
    yield from ("-device", f"isa-debugcon,iobase={port:#x},chardev=status")
    yield from ("-device", "isa-debug-exit,iobase=0xf4,iosize=4")


def command(
    board: Board,
    image: Path,
    options: Options,
    accelerator: str,
    status_path: str,
    arguments: Callable[[Options], str] = image_arguments,
) -> Sequence[str]:
    settings = board.settings
    words = [
        settings["program"],
        "-machine",
        settings["machine"],
        "-accel",
        accelerator,
        "-cpu",
        settings["cpu"],
    ]
    words += [*settings["arguments"], "-m", str(options.memory)]
    port = settings.get("status_port", STATUS_PORT)
    words += [*console(board), *status(status_path, port), *nets(board, options), *blocks(board, options)]
    words += ["-kernel", str(image), "-append", arguments(options)]
    if options.gdb:
        words += ["-S", "-gdb", f"tcp:127.0.0.1:{GDB_PORT}"]
    return [*words, *options.extra]


def kvm_is_usable() -> bool:
    return os.access(KVM, os.R_OK | os.W_OK)


def kvm_obstacle() -> str:
    """Return why this process cannot use KVM; empty if it can."""
    if not KVM.exists():
        return f"no {KVM} on this machine"
    if not kvm_is_usable():
        return f"no permission to use {KVM} (be in the group kvm, or be root)"
    return ""


def ways(board: Board) -> dict[str, str]:
    """Return the board's accelerators in order, each with the reason why it is unusable (empty: usable)."""
    names: list[str] = board.settings["accelerators"]
    return {name: kvm_obstacle() if name == "kvm" else "" for name in names}


def attempts_with(
    board: Board,
    image: Path,
    options: Options,
    known: dict[str, str],
    arguments: Callable[[Options], str] = image_arguments,
) -> list[Attempt]:
    """Return an attempt with each usable accelerator of `known`; `arguments` makes the kernel command
    line."""
    program = board.settings["program"]
    if not shutil.which(program):
        raise LaunchError(f"no {program} on this machine: make setup installs it")

    def attempt(accelerator: str) -> Attempt:
        return Attempt(
            accelerator, lambda status: command(board, image, options, accelerator, status, arguments)
        )

    if options.gdb:
        say(f"waiting for gdb: gdb {shown(image)}.debug -ex 'target remote :{GDB_PORT}'")
    return [attempt(accelerator) for accelerator in accelerators(board, options.accelerator, known)]


def attempts(board: Board, image: Path, options: Options) -> list[Attempt]:
    return attempts_with(board, image, options, ways(board))


RUNNER = Runner(ways, attempts)
