"""The peers: unikernels/bench in an image on a tap, and interpreters on Linux behind a pair of veths; or
both behind an impaired link. All in the network namespace of the calling thread; each is a context manager
that ends what it started."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from host.bench import offloads
from host.bench.machine import cores, pinned
from host.build import micropython
from host.errors import HostError
from host.net.tap import bridge, bring_up, ip, tap
from host.net.wire import Faults, wire
from host.options import Net, Options
from host.paths import ROOT, UNIKERNELS
from host.report import console
from host.run import launch
from host.run.guest import WITH_PARENT, Guest

QEMU = "qemu-virtio"  # the board to which others are compared
CLIENT, SERVER, PREFIX = "10.0.0.1", "10.0.0.2", 24
TAP = "tap0"
# For Linux, independent of the machine's configuration
CONGESTION = "route replace 10.0.0.0/24 dev {} congctl cubic"
MAC = "02:00:00:00:00:02"
DEVICE = "service"
READY = "listening"
TIMEOUT = 30.0  # seconds until it listens
SERVICES = UNIKERNELS / "bench" / "main.py"
ON_MICROPYTHON = ROOT / "tests" / "bench" / "linux" / "run.py"
# Without these offloads every segment is a frame with its checksum.
PLAIN = ("csum", "guest_csum", "host_tso4", "host_tso6", "guest_tso4", "guest_tso6", "mrg_rxbuf")


class Peer(Protocol):
    """Serves the four services at SERVER; `plain`: without offloads on the link."""

    @property
    def name(self) -> str: ...

    @contextmanager
    def serving(self, plain: bool) -> Iterator[None]: ...

    @contextmanager
    def behind(self, faults: Faults) -> Iterator[None]: ...


@dataclass(frozen=True)
class Way:
    """A runner for the images of a board."""

    name: str
    accelerator: str
    board: str = QEMU
    extra: Sequence[str] = ()  # words for the runner
    granule: int = 1  # MiB: --mem is a multiple of it

    def guest(self, unikernel: str | Path, options: Options) -> Guest:
        """Return a guest ready to start."""
        console().quiet = True
        try:
            return launch.launch(unikernel, options, self.board)
        finally:
            console().quiet = False


def qemu(accelerators: Sequence[str]) -> list[Way]:
    return [Way(name.upper(), name) for name in accelerators]


def known(interface: str) -> None:
    """Add a neighbor entry: otherwise the host would resolve the image's address at once and again a
    second later."""
    ip("neighbor", "replace", SERVER, "lladdr", MAC, "dev", interface, "nud", "permanent")


@contextmanager
def direct() -> Iterator[None]:
    """The client at the other end of TAP."""
    with tap(TAP, f"{CLIENT}/{PREFIX}"):
        known(TAP)
        ip(*CONGESTION.format(TAP).split())
        yield


@contextmanager
def cable(faults: Faults) -> Iterator[None]:
    """The client at the near end of an impaired link, whose far end is not connected yet."""
    with tap("near", f"{CLIENT}/{PREFIX}"), wire("near", "far", faults, seed=1):
        ip(*CONGESTION.format("near").split())
        yield


@contextmanager
def bridged(faults: Faults) -> Iterator[None]:
    """Connect TAP to the far end of an impaired link."""
    with cable(faults), tap(TAP), bridge("middle", "far", TAP):
        bring_up("far", ())
        known("near")
        yield


@contextmanager
def started(
    unikernel: str | Path,
    way: Way,
    words: str = "",
    memory: int = 0,
    extra: Sequence[str] = (),
    pin: bool = True,
    link: Callable[[], AbstractContextManager[None]] = direct,
) -> Iterator[Guest]:
    """Start an image with a tap, perhaps not up yet, on the core under test unless it may use all."""
    arguments = f"--ipv4={SERVER}/{PREFIX} {words}"
    with link():
        extra = [*way.extra, *extra]
        options = Options((Net(DEVICE, TAP, mac=MAC),), (), arguments, memory, way.accelerator, extra=extra)
        guest = way.guest(unikernel, options)
        try:
            with pinned(cores()[1]) if pin else nullcontext():
                guest.start()
            yield guest
        finally:
            guest.kill()


@dataclass(frozen=True)
class Image:
    """The image bench on one runner."""

    way: Way

    @property
    def name(self) -> str:
        return f"pymnet, {self.way.name}"

    @contextmanager
    def serving(self, plain: bool) -> Iterator[None]:
        extra = [word for f in PLAIN if plain for word in ("-global", f"virtio-net-device.{f}=off")]
        with started("bench", self.way, extra=extra) as guest:
            guest.wait_for(READY, TIMEOUT)
            yield

    @contextmanager
    def behind(self, faults: Faults) -> Iterator[None]:
        with started("bench", self.way, link=partial(bridged, faults)) as guest:
            guest.wait_for(READY, TIMEOUT)
            yield


@contextmanager
def veths(plain: bool) -> Iterator[None]:
    """Make a pair of interfaces, near and far; near has the client's address and is up."""
    ip("link", "add", "near", "type", "veth", "peer", "name", "far")
    try:
        for end in ("near", "far") if plain else ():
            offloads.turn_off(end)
        ip("address", "add", f"{CLIENT}/{PREFIX}", "dev", "near")
        ip("link", "set", "near", "up")
        ip(*CONGESTION.format("near").split())
        yield
    finally:
        ip("link", "delete", "near")


@dataclass(frozen=True)
class OnLinux:
    """An interpreter on the Linux stack, in a network namespace at the other end of a link."""

    name: str
    command: Sequence[str]

    @contextmanager
    def serving(self, plain: bool) -> Iterator[None]:
        with self._at_the_end_of(veths(plain)):
            yield

    @contextmanager
    def behind(self, faults: Faults) -> Iterator[None]:
        with self._at_the_end_of(cable(faults)):
            yield

    @contextmanager
    def _at_the_end_of(self, link: AbstractContextManager[None]) -> Iterator[None]:
        # Remove the link first: it would otherwise go with the process's namespace, some time later.
        with self._process() as process, link:
            assert process.stdin is not None and process.stdout is not None
            process.stdout.readline()
            ip("link", "set", "far", "netns", str(process.pid))
            process.stdin.write("\n")
            process.stdin.flush()
            if READY not in process.stdout.readline():
                process.kill()
                last = (process.stdout.read().splitlines() or ["no message"])[-1]
                raise HostError(f"{SERVICES.parent.name}/{SERVICES.name} does not start: {last}")
            yield

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[str]]:
        """Start the process, which waits for a line before it uses its end of the link."""
        script = (
            "echo; read line; ip link set lo up; ip link set far up;"
            f' ip address add {SERVER}/{PREFIX} dev far; ip {CONGESTION.format("far")}; exec "$@"'
        )
        argv = [*WITH_PARENT, "unshare", "--net", "sh", "-c", script, "sh", *self.command]
        with pinned(cores()[1]):
            process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def peers(accelerators: Sequence[str]) -> list[Peer]:
    """Return all peers that this machine can run."""
    runner = [str(micropython.UNIX), "-X", "heapsize=64m", str(ON_MICROPYTHON), str(SERVICES.parent)]
    return [
        *(Image(way) for way in qemu(accelerators)),
        OnLinux("MicroPython, Linux", runner),
        OnLinux("CPython, Linux", [sys.executable, str(SERVICES)]),
    ]
