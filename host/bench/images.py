"""Images without peers: size, boot time, least memory, cost of idling."""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from host.bench import entry, ping
from host.bench.machine import Gate, cores, pinned
from host.bench.peers import QEMU, READY, SERVER, TIMEOUT, Way, started
from host.bench.table import Table
from host.board import image_path
from host.errors import LaunchError
from host.net.netns import Namespace
from host.options import Options

PORT = 9000
KIB = "KiB"
MEMORY_MOST = 64  # MiB
MESSAGE = bytes(range(256)) * 256
SIZES = ("echo", "bench", "hello")
FIRST_LINE = "first Python line (hello), ms"
FIRST_PING = "first ping answered (echo), ms"
FIRST_PING_LARGE = "first ping answered (echo of 1024 MiB), ms"
LARGE = 1024  # MiB
IDLE = "CPU of the runner while echo waits, %"
RSS = "memory of the runner with echo of 64 MiB, MiB"
SMALLEST = "smallest --mem that serves echo, MiB"
BOOT_TEXT = """From the start of the runner's process on one core, its own start included. A ping is sent
every millisecond. It serves echo if 64 KiB come back as they were sent. The runner's memory counts the
pages that the guest has touched."""
INSIDE = ", from the first instruction"
INSIDE_TEXT = """ `From the first instruction`: the runner's own start is left out, up to where it first
enters the guest; nothing stands where that cannot be seen."""
QUIET = "--solo5:quiet"  # otherwise the first line is the machine's, not Python's


def sizes() -> Table:
    table = Table("Images, stripped", [KIB])
    for name in SIZES:
        table.add(name, KIB, image_path(name, QEMU).stat().st_size / 1024)
    return table


@dataclass(frozen=True)
class Moment:
    """When something was first seen of a guest, and when its runner was started and entered the guest."""

    started: float
    entered: float | None
    seen: float


def first_line(way: Way) -> Moment:
    options = Options(arguments=QUIET, accelerator=way.accelerator, extra=way.extra)
    with entry.noted() as entered, pinned(cores()[1]), way.guest("hello", options) as guest:
        guest.wait(TIMEOUT)
        if guest.console.first_output is None:
            raise LaunchError("hello ended without a word")
        return Moment(guest.started, entered(), guest.console.first_output)


def first_ping(way: Way, memory: int = 0) -> Moment:
    """`memory`: MiB; 0: the image's default."""
    words = f"{QUIET} server"
    with entry.noted() as entered, started("echo", way, words, memory) as guest, pinned(cores()[0]):
        seen = ping.first_answer(SERVER, TIMEOUT)
        return Moment(guest.started, entered(), seen)


def idle(way: Way, seconds: float) -> tuple[float, float]:
    """Return per cent of a core, and MiB."""
    with started("echo", way, "server") as guest:
        guest.wait_for(READY, TIMEOUT)
        time.sleep(0.5)
        before, start = guest.cpu_time, time.monotonic()
        time.sleep(seconds)
        spent = guest.cpu_time - before
        return spent / (time.monotonic() - start) * 100, guest.rss / (1 << 20)


def echoes() -> bool:
    """Whether the guest's echo server returns the data it gets."""
    try:
        with socket.create_connection((SERVER, PORT), timeout=5) as connection:
            connection.sendall(MESSAGE)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return False
    return received == MESSAGE


def serves(way: Way, memory: int) -> bool:
    try:
        with started("echo", way, "server", memory) as guest:
            guest.wait_for(READY, timeout=5)
            return echoes()
    except (EOFError, TimeoutError, LaunchError):
        return False


def smallest_memory(way: Way) -> int:
    """Return MiB, a multiple of way.granule."""
    granule = way.granule
    return granule * smallest(lambda count: serves(way, count * granule), MEMORY_MOST // granule)


def smallest(works: Callable[[int], bool], most: int) -> int:
    """Return the least number from 1 to `most` that works, where all numbers above it work too."""
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    if high > most:
        raise LaunchError(f"not even {most} work")
    return high


class Boots:
    """Samples of boot times, in a table."""

    def __init__(self, table: Table, gate: Gate, show: Callable[[str], None], inside: bool) -> None:
        self._table = table
        self._gate = gate
        self._show = show
        # also without the runner's own start, where the entry into the guest can be observed
        self._inside = inside

    def wait(self, row: str, way: Way) -> bool:
        self._show(f"{way.name}: {row}")
        return self._gate.wait()

    def moment(self, row: str, way: Way, measured: Callable[[Way], Moment]) -> None:
        quiet = self.wait(row, way)
        with self._table.attempt([row], [way.name]):
            moment = measured(way)
            self._table.add(row, way.name, (moment.seen - moment.started) * 1000, not quiet)
            if self._inside and moment.entered is not None:
                since = (moment.seen - moment.entered) * 1000
                self._table.add(row + INSIDE, way.name, since, not quiet)

    def memory(self, way: Way, seconds: float) -> None:
        quiet = self.wait(SMALLEST, way)
        with self._table.attempt([SMALLEST], [way.name]):
            self._table.add(SMALLEST, way.name, smallest_memory(way), not quiet)
        with self._table.attempt([IDLE, RSS], [way.name]):
            share, memory = idle(way, seconds)
            self._table.add(IDLE, way.name, share)
            self._table.add(RSS, way.name, memory)


def boot(
    ways: Sequence[Way],
    rounds: int,
    seconds: float,
    gate: Gate,
    show: Callable[[str], None],
    inside: bool = False,
) -> Table:
    columns = [way.name for way in ways]
    table = Table("Start and rest", columns, BOOT_TEXT + INSIDE_TEXT * inside)
    boots = Boots(table, gate, show, inside)
    entry.build()
    for way in [*ways] * rounds:
        boots.moment(FIRST_LINE, way, first_line)
    with table.attempt([FIRST_PING, FIRST_PING_LARGE, SMALLEST, IDLE, RSS], columns), Namespace():
        for way in [*ways] * rounds:
            boots.moment(FIRST_PING, way, first_ping)
            boots.moment(FIRST_PING_LARGE, way, partial(first_ping, memory=LARGE))
        for way in ways:
            boots.memory(way, 5 * seconds)  # a tick of its clock is 10 ms
    return table
