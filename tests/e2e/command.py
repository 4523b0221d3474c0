"""The real command, `invoke`: run to its end, or left running and sent signals."""

import os
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from e2e import lab

from host.paths import ROOT
from host.run.console import Console

INVOKE = str(Path(sys.executable).with_name("invoke"))
MARK = "PYMNET_E2E"  # in the environment of a command and of all its children


def run(
    *words: str, prefix: Sequence[str] = (), cwd: Path = ROOT, timeout: float = 120
) -> "subprocess.CompletedProcess[str]":
    argv = [*prefix, INVOKE, *words]
    return subprocess.run(
        argv,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class Running:
    """A command in the foreground of a terminal: a process group of its own."""

    def __init__(self, *words: str, prefix: Sequence[str] = ()) -> None:
        self.mark = f"{MARK}={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [*prefix, INVOKE, *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {name: value},
            start_new_session=True,
        )
        self.console = Console()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.console.feed(self.process.stdout.fileno())
        self.console.end()

    def wait_for(self, pattern: str | re.Pattern[str], timeout: float = 60) -> None:
        self.console.wait_for(pattern, timeout)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group, as a terminal does for Ctrl-C."""
        os.killpg(self.process.pid, number)

    def wait(self, timeout: float = 60) -> int:
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        return code

    def left(self) -> dict[int, str]:
        """Return pid and name of the processes that the command started and that still run."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal():
                try:
                    if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                        found[int(folder.name)] = (folder / "comm").read_text().strip()
                except OSError:
                    pass  # it has just ended, or is not one of ours
        return found

    def end(self) -> None:
        for pid in self.left():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def running(*words: str, prefix: Sequence[str] = ()) -> Iterator[Running]:
    """Run a command; all its children are gone at the end."""
    command = Running(*words, prefix=prefix)
    try:
        yield command
    finally:
        command.end()
        print(f"--- invoke {' '.join(words)}\n{command.console.tail(40)}")


def run_echo(*words: str, arguments: str = "server") -> list[str]:
    """Return the words for the echo server on tap0."""
    net = ["--net", "service=tap0", "--args", f"--ipv4={lab.GUEST}/24 {arguments}"]
    return ["run", "echo", "--board", lab.BOARD, *net, *words]
