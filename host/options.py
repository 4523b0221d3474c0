"""Options of a run: the text arguments of `invoke run`, validated and typed."""

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from host.errors import LaunchError

MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)
FORWARD = re.compile(r"(?P<host>\d+):(?P<guest>\d+)(?:/(?P<protocol>tcp|udp))?")
SECTOR = 512  # bytes, of a block device
INTERFACE = re.compile(r"[^\s/:]{1,15}")  # a Linux interface name


@dataclass(frozen=True)
class Forward:
    """A forward from a port of 127.0.0.1 on the host to a port of the guest."""

    host: int
    guest: int
    protocol: str = "tcp"


@dataclass(frozen=True)
class Net:
    """The host's end of a net device: a tap, or user networking with port forwards."""

    device: str
    tap: str = ""
    forwards: tuple[Forward, ...] = ()
    mac: str = ""

    @property
    def is_user(self) -> bool:
        return not self.tap


@dataclass(frozen=True)
class Block:
    device: str
    file: Path


@dataclass(frozen=True)
class Options:
    nets: tuple[Net, ...] = ()
    blocks: tuple[Block, ...] = ()
    arguments: str = ""
    memory: int = 0  # MiB; 0: as unikernel.toml says
    accelerator: str = ""  # "kvm", "tcg"; empty: the first that starts
    pcap: Path | None = None
    gdb: bool = False
    ports: tuple[Forward, ...] = ()  # to the first net device, which then has user networking
    extra: Sequence[str] = field(default=())  # for tests: words added to the runner's command line


def split(option: str, text: str) -> tuple[str, str]:
    device, equals, value = text.partition("=")
    if not (device and equals and value):
        raise LaunchError(f"--{option} {text}: expected DEVICE=..., as in --{option} service=...")
    return device, value


def parse_forward(text: str, whole: str) -> Forward:
    match = FORWARD.fullmatch(text)
    if not match or not all(1 <= int(match[end]) <= 65535 for end in ("host", "guest")):
        raise LaunchError(f"--net {whole}: expected user:HOSTPORT:GUESTPORT, /tcp or /udp may follow")
    return Forward(int(match["host"]), int(match["guest"]), match["protocol"] or "tcp")


def parse_net(text: str) -> Net:
    """Parse service=tap0, service=user or service=user:8080:80/udp."""
    device, value = split("net", text)
    if value == "user":
        return Net(device)
    if value.startswith("user:"):
        return Net(device, forwards=(parse_forward(value.removeprefix("user:"), text),))
    if not INTERFACE.fullmatch(value):
        raise LaunchError(f"--net {text}: {value!r} cannot be the name of a tap")
    return Net(device, tap=value)


def parse_nets(texts: Iterable[str], macs: Iterable[str]) -> tuple[Net, ...]:
    """Parse --net and --mac; several options for one device add up."""
    addresses: dict[str, str] = {}
    for text in macs:
        device, mac = split("mac", text)
        if not MAC.fullmatch(mac) or int(mac[:2], 16) & 1:
            raise LaunchError(f"--mac {text}: expected a unicast address such as 02:00:00:00:00:01")
        addresses[device] = mac.lower()
    nets: dict[str, Net] = {}
    for text in texts:
        net = parse_net(text)
        before = nets.get(net.device)
        if before and not (before.is_user and net.is_user):
            raise LaunchError(f"--net {text}: device {net.device} is attached twice")
        forwards = (before.forwards if before else ()) + net.forwards
        nets[net.device] = Net(net.device, net.tap, forwards, addresses.get(net.device, ""))
    for device in addresses.keys() - nets.keys():
        raise LaunchError(f"--mac {device}=...: there is no --net {device}=...")
    return tuple(nets.values())


def parse_ports(texts: Iterable[str]) -> tuple[Forward, ...]:
    """Parse 8080:80 and 8080:80/udp."""
    found = []
    for text in texts:
        match = FORWARD.fullmatch(text)
        if not match or not all(1 <= int(match[end]) <= 65535 for end in ("host", "guest")):
            raise LaunchError(f"--port {text}: expected HOST:GUEST, as in -p 8080:80; /udp may follow")
        found.append(Forward(int(match["host"]), int(match["guest"]), match["protocol"] or "tcp"))
    return tuple(found)


def parse_memory(text: str) -> int:
    """Parse MiB; empty: 0, as unikernel.toml says."""
    if text and not (text.isdecimal() and int(text) > 0):
        raise LaunchError(f"--mem {text}: expected a number of MiB")
    return int(text or 0)


def parse_block(text: str) -> Block:
    device, value = split("block", text)
    file = Path(value)
    if not file.is_file():
        raise LaunchError(f"--block {text}: no such file")
    size = file.stat().st_size
    if not size or size % SECTOR:
        raise LaunchError(f"--block {text}: {size} bytes are not a multiple of the sector, {SECTOR}")
    return Block(device, file)


def ipv4_address(arguments: str) -> str:
    """Return the address of --ipv4 among the image's arguments, or nothing."""
    try:
        words = shlex.split(arguments)
    except ValueError as error:
        raise LaunchError(f"--args {arguments}: {str(error).lower()}") from None
    for word in words:
        name, _, value = word.partition("=")
        if name == "--ipv4":
            return value.partition("/")[0]
    return ""
