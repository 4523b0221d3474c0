"""QEMU's machine protocol, by which a test controls the machine."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from e2e import lab, peers


class Machine:
    """A connection to the monitor of one QEMU."""

    def __init__(self, sock: socket.socket) -> None:
        self.lines = sock.makefile("rw")
        self.lines.readline()  # the greeting
        self.do("qmp_capabilities")

    def do(self, command: str, **arguments: object) -> Any:
        """Return the result of a command; events are skipped."""
        self.lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.lines.flush()
        while "event" in (reply := json.loads(self.lines.readline())):
            pass
        return reply["return"]

    def link(self, up: bool) -> None:
        """Set the link of the first network device up or down."""
        self.do("set_link", name="net0", up=up)


def option(path: Path) -> tuple[str, ...]:
    """Return the option of QEMU to listen there."""
    return ("-qmp", f"unix:{path},server=on,wait=off")


@contextmanager
def machine(path: Path) -> Iterator[Machine]:
    lab.eventually(path.exists, "QEMU's socket")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.connect(str(path))
        made = Machine(sock)
        with made.lines:
            yield made
