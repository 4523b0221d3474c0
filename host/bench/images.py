"""Images by themselves: how large, how long to the start, in how little memory, what waiting costs."""

import socket
import time
from collections.abc import Callable, Sequence
from functools import partial

from host import image, launch
from host.bench import ping
from host.bench.machine import Gate, cores, pinned
from host.bench.peers import PATIENCE, READY, SERVER, started
from host.bench.table import Table
from host.errors import LaunchError
from host.netns import Namespace
from host.options import Options

PORT = 9000
KIB = "KiB"
MEMORY_MOST = 64  # MiB
MESSAGE = bytes(range(256)) * 256
SIZES = ("echo", "bench", "hello")
FIRST_LINE = "first Python line (hello), ms"
FIRST_PING = "first ping answered (echo), ms"
IDLE = "CPU of the runner while echo waits, %"
RSS = "memory of the runner with echo of 64 MiB, MiB"
SMALLEST = "smallest --mem that serves echo, MiB"
BOOT_TEXT = """From the start of the runner's process on one core, its own start included. A ping is sent
every millisecond. It serves echo if 64 KiB come back as they were sent. The runner's memory counts the
pages that the guest has touched."""


def sizes() -> Table:
    table = Table("Images, stripped", [KIB])
    for name in SIZES:
        table.add(name, KIB, image.image_path(name).stat().st_size / 1024)
    return table


def first_line(accelerator: str) -> float:
    with pinned(cores()[1]), launch.launch("hello", Options(accelerator=accelerator)) as guest:
        guest.wait(PATIENCE)
        if guest.console.first_output is None:
            raise LaunchError("hello ended without a word")
        return (guest.console.first_output - guest.started) * 1000


def first_ping(accelerator: str) -> float:
    with started("echo", accelerator, "server") as guest, pinned(cores()[0]):
        return (ping.first_answer(SERVER, PATIENCE) - guest.started) * 1000


def idle(accelerator: str, seconds: float) -> tuple[float, float]:
    """Per cent of a core, and MiB."""
    with started("echo", accelerator, "server") as guest:
        guest.wait_for(READY, PATIENCE)
        time.sleep(0.5)
        before, start = guest.cpu_time, time.monotonic()
        time.sleep(seconds)
        spent = guest.cpu_time - before
        return spent / (time.monotonic() - start) * 100, guest.rss / (1 << 20)


def echoes() -> bool:
    """Whether the guest's echo server gives back what it gets."""
    try:
        with socket.create_connection((SERVER, PORT), timeout=5) as connection:
            connection.sendall(MESSAGE)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return False
    return received == MESSAGE


def serves(accelerator: str, memory: int) -> bool:
    with started("echo", accelerator, "server", memory) as guest:
        try:
            guest.wait_for(READY, timeout=5)
        except (EOFError, TimeoutError, LaunchError):
            return False
        return echoes()


def smallest(works: Callable[[int], bool], most: int) -> int:
    """The least number from 1 to `most` that works, where all above one that works do too."""
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    if high > most:
        raise LaunchError(f"not even {most} work")
    return high


def boot(
    accelerators: Sequence[str], rounds: int, seconds: float, gate: Gate, show: Callable[[str], None]
) -> Table:
    columns = [name.upper() for name in accelerators]
    table = Table("Start and rest", columns, BOOT_TEXT)
    both = list(zip(accelerators, columns, strict=True))

    def sample(row: str, column: str, measured: Callable[[], float]) -> None:
        show(f"{column}: {row}")
        quiet = gate.wait()
        with table.attempt([row], [column]):
            table.add(row, column, measured(), not quiet)

    for name, column in both * rounds:
        sample(FIRST_LINE, column, partial(first_line, name))
    with table.attempt([FIRST_PING, SMALLEST, IDLE, RSS], columns), Namespace():
        for name, column in both * rounds:
            sample(FIRST_PING, column, partial(first_ping, name))
        for name, column in both:
            sample(SMALLEST, column, partial(smallest, partial(serves, name), MEMORY_MOST))
            with table.attempt([IDLE, RSS], [column]):
                share, memory = idle(name, 5 * seconds)  # a tick of its clock is 10 ms
                table.add(IDLE, column, share)
                table.add(RSS, column, memory)
    return table
