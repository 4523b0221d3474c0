"""The command line: that of solo5-hvt, and a few options of our own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from host.errors import HostError
from host.manifest import NAME
from host.options import INTERFACE, MAC

USAGE = """\
usage: host.tender [OPTIONS] IMAGE [ARGUMENTS ...]
  --mem=MB                      the guest's memory, 512 unless said otherwise
  --net:NAME=TAP                attach a tap to the net device NAME
  --net-mac:NAME=MAC            its address; random otherwise
  --block:NAME=FILE             attach a file to the block device NAME
  --block-sector-size:NAME=N    the size of its sectors, 512 unless said otherwise
  --accel=kvm|unicorn           the first that works otherwise
  --no-ring                     offer no net ring
  --status=FILE                 write `exit N` there when the guest ended by itself
  --                            what follows is the image and its arguments"""

MEMORY, MEMORY_MAX = 512, 4096  # MiB
ACCELERATORS = ("kvm", "unicorn")
SECTORS = (512, 1 << 15)  # 16 bits in a manifest


class UsageError(HostError):
    """An invalid option."""


@dataclass
class Command:
    image: Path = Path()
    arguments: str = ""  # the guest's, joined by blanks as in Solo5
    memory: int = MEMORY << 20  # bytes
    nets: dict[str, str] = field(default_factory=dict)
    macs: dict[str, bytes] = field(default_factory=dict)
    blocks: dict[str, Path] = field(default_factory=dict)
    sectors: dict[str, int] = field(default_factory=dict)
    accelerator: str = ""
    ring: bool = True
    status: Path | None = None


def number(text: str, option: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"{option}: expected a number")
    return int(text)


def set_memory(command: Command, text: str) -> None:
    megabytes = number(text, f"--mem={text}")
    if not 2 <= megabytes <= MEMORY_MAX:
        raise UsageError(f"--mem={text}: between 2 and {MEMORY_MAX} MiB are possible")
    command.memory = (megabytes & ~1) << 20  # whole large pages


def set_device(command: Command, option: str, name: str, value: str) -> None:
    what = f"{option}:{name}={value}"
    if not NAME.fullmatch(name):
        raise UsageError(f"{what}: the name of a device is 1 to 67 letters and digits")
    if option == "--net":
        if not INTERFACE.fullmatch(value):
            raise UsageError(f"{what}: {value!r} cannot be the name of a tap")
        command.nets[name] = value
    elif option == "--net-mac":
        if not MAC.fullmatch(value):
            raise UsageError(f"{what}: expected an address such as 02:00:00:00:00:01")
        command.macs[name] = bytes.fromhex(value.replace(":", ""))
    elif option == "--block":
        command.blocks[name] = Path(value)
    elif option == "--block-sector-size":
        size = number(value, what)
        if not SECTORS[0] <= size <= SECTORS[1] or size & (size - 1):
            raise UsageError(f"{what}: a power of two from {SECTORS[0]} to {SECTORS[1]} is possible")
        command.sectors[name] = size
    else:
        raise UsageError(f"unknown option {option}:{name}")


def set_option(command: Command, word: str) -> None:
    option, _, value = word.partition("=")
    if ":" in option:
        kind, _, name = option.partition(":")
        set_device(command, kind, name, value)
    elif option == "--mem":
        set_memory(command, value)
    elif option == "--accel":
        if value not in ACCELERATORS:
            raise UsageError(f"{word}: there are {' and '.join(ACCELERATORS)}")
        command.accelerator = value
    elif word == "--no-ring":
        command.ring = False
    elif option == "--status":
        command.status = Path(value)
    else:
        raise UsageError(f"unknown option {word}")


def check_pairs(command: Command) -> None:
    for name in command.macs.keys() - command.nets.keys():
        raise UsageError(f"--net-mac:{name}: there is no --net:{name}")
    for name in command.sectors.keys() - command.blocks.keys():
        raise UsageError(f"--block-sector-size:{name}: there is no --block:{name}")


def parse(words: Sequence[str]) -> Command:
    """Parse the command line. UsageError names an invalid word."""
    command = Command()
    rest = list(words)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word == "--":
            break
        set_option(command, word)
    if not rest:
        raise UsageError("no image named")
    check_pairs(command)
    command.image, command.arguments = Path(rest[0]), " ".join(rest[1:])
    return command
