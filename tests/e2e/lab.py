"""The addresses of the tests, and guests that show their console when a test fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import ways

from host import board
from host.build import image
from host.options import Net, Options
from host.run import launch
from host.run.guest import Guest

BOARD = board.DEFAULT
PROBE = Path(__file__).with_name("probe")
HOST, GUEST, OTHER, NOBODY = "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.77"
HOST6, GUEST6 = "fd00::1", "fd00::2"
BOTH = (GUEST, GUEST6)
HOSTS = (f"{HOST}/24", f"{HOST6}/64", "fe80::1/64")  # routing needs the last
PORT = 9000
READY = "listening on port"


@cache
def build(name: str | Path) -> None:
    """Build the image of the tests, once for all of them: even an up-to-date one takes seconds."""
    image.build(name, BOARD)


def on_tap(
    arguments: str = "", address: str = GUEST, tap: str = "tap0", mac: str = "", **more: object
) -> Options:
    """Return options for a guest on a tap."""
    arguments = ways.quiet(f"--ipv4={address}/24 {arguments}".rstrip())
    return Options(nets=(Net("service", tap, mac=mac),), arguments=arguments, **more)  # type: ignore[arg-type]


@contextmanager
def booted(options: Options, name: str | Path = "echo") -> Iterator[Guest]:
    """Run a guest; pytest shows the end of its console if the test fails."""
    with launch.launch(name, options, BOARD) as guest:
        try:
            yield guest
        finally:
            print(f"--- console of {Path(name).name} ({guest.accelerator})\n{guest.console.tail(40)}")


@contextmanager
def server(arguments: str = "", name: str | Path = "echo", **more: object) -> Iterator[Guest]:
    """Run a guest until its server listens."""
    with booted(on_tap(arguments, **more), name) as guest:  # type: ignore[arg-type]
        guest.wait_for(READY)
        yield guest


def eventually(condition: Callable[[], object], what: object, timeout: float = 30.0) -> None:
    """Wait until `condition()` holds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not so within {timeout} s: {what}"
        time.sleep(0.02)
