"""A running guest: its process, console and exit code. It never outlives this process."""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

from host.errors import LaunchError
from host.report import say
from host.run.console import Console
from host.run.spool import Spool

STATUS = re.compile(r"exit (-?\d+)\n")
KILL_TIMEOUT = 5.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")
# The kernel kills the runner when the thread that started it ends, however it ends.
WITH_PARENT = ["setpriv", "--pdeathsig", "KILL", "--"]


def no_code(_returned: int, _complaints: Sequence[str]) -> int | None:
    """The `code` of runners whose exit status is independent of the guest's."""
    return None


class Output(Enum):
    """What happens to a guest's output that is not read."""

    PLAIN = "the runner can wait, and tells the guest"
    NONBLOCKING = "the guest writes by itself, and can wait if that never blocks"
    SPOOLED = "the machine stops while the runner writes: we take all, up to a bound"
    SPOOLED_DROPS = "the same, and beyond the bound it is dropped"


@dataclass(frozen=True)
class Attempt:
    """One way to start the guest. `command` takes the descriptor to which the runner writes the status
    line. Without one, `code` derives the guest's exit code from the runner's status and stderr; None: the
    runner failed."""

    accelerator: str
    command: Callable[[str], Sequence[str]]
    code: Callable[[int, Sequence[str]], int | None] = no_code
    output: Output = Output.PLAIN


class Guest:
    """Tries each attempt until one starts; a context manager that ends what it started.

    with Guest(attempts) as guest:
        guest.wait_for("listening", timeout=10)
        assert guest.wait(timeout=5) == 0
    """

    def __init__(
        self,
        attempts: Sequence[Attempt],
        copy_to: Callable[[bytes], object] | None = None,
        resources: Sequence[AbstractContextManager[object]] = (),
    ) -> None:
        self.console = Console()
        self._copy_to = copy_to
        self.accelerator = ""
        self.started = 0.0  # time.monotonic() of the attempt that runs
        self._attempts = list(attempts)
        self._resources = resources  # entered before the guest starts, closed after it has ended
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._spawned = threading.Event()
        self._killed = False
        self._lock = threading.Lock()
        self._code: int | None = None
        self._failure = ""
        # The kernel ties the runner to the thread that starts it, so the same thread waits for its end.
        self._thread = threading.Thread(target=self._run, name="guest", daemon=True)

    def start(self) -> Self:
        with ExitStack() as stack:
            for resource in self._resources:
                stack.enter_context(resource)
            self._stack = stack.pop_all()
        self._thread.start()
        self._spawned.wait()
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def _run(self) -> None:
        try:
            for index, attempt in enumerate(self._attempts):
                if not self._try(attempt) or self._killed or index + 1 == len(self._attempts):
                    break
                say(f"{attempt.accelerator} does not start ({self._failure}): trying the next")
        except OSError as error:
            self._failure = f"{error.filename or 'runner'}: {error.strerror}"
        finally:
            self._stack.close()
            self._spawned.set()
            self.console.end()

    def _try(self, attempt: Attempt) -> bool:
        """Run one attempt to its end. Returns whether it died before the guest showed a sign of life."""
        with ExitStack() as stack:
            status = os.memfd_create("pymnet-status")
            stack.callback(os.close, status)
            with self._lock:
                if self._killed:
                    return False
                output, theirs = os.pipe2(os.O_CLOEXEC)
                stack.callback(os.close, output)
                os.set_blocking(theirs, attempt.output is not Output.NONBLOCKING)
                process = subprocess.Popen(
                    [*WITH_PARENT, *attempt.command(f"/proc/self/fd/{status}")],
                    stdin=subprocess.DEVNULL,
                    stdout=theirs,
                    stderr=subprocess.PIPE,
                    pass_fds=(status,),
                    start_new_session=True,
                )
                os.close(theirs)
                self._process = process
            self.accelerator, self.started = attempt.accelerator, time.monotonic()
            self._spawned.set()
            stack.enter_context(process)
            stack.callback(end, process)  # in case reading its console fails
            complaints: list[bytes] = []
            reader = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
            reader.start()
            self._feed(output, attempt.output)
            process.wait()
            reader.join()
            written = STATUS.search(os.pread(status, 4096, 0).decode(errors="replace"))
        lines = [line for each in complaints if (line := each.decode(errors="replace").strip())]
        code = int(written[1]) & 0xFF if written else attempt.code(process.returncode, lines)
        if code is not None:
            self._code = code
            return False
        self._failure = ending(attempt, process.returncode, lines)
        return not self.console.text

    def _feed(self, pipe: int, output: Output) -> None:
        if self._copy_to and output in (Output.SPOOLED, Output.SPOOLED_DROPS):
            with Spool(self._copy_to, output is Output.SPOOLED_DROPS) as spool:
                self.console.feed(pipe, spool)
        else:
            self.console.feed(pipe, self._copy_to)

    def wait_for(
        self, pattern: str | re.Pattern[str], timeout: float = 30.0, start: int = 0
    ) -> re.Match[str]:
        """Wait until the console shows `pattern` (from offset `start` on)."""
        return self.console.wait_for(pattern, timeout, start)

    def wait(self, timeout: float | None = None) -> int:
        """Return the guest's exit code. LaunchError if the runner ended without one."""
        self.console.wait_end(timeout)
        self._thread.join()
        if self._code is None:
            raise LaunchError("the guest was killed" if self._killed else self._failure)
        return self._code

    def kill(self) -> None:
        """End the guest if it is still running."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                end(self._process)
        if self._thread.ident is not None:
            self._thread.join(KILL_TIMEOUT)  # it may be writing to a reader that is blocked

    @property
    def running(self) -> bool:
        return self._process is not None and not self.console.ended

    @property
    def pid(self) -> int:
        if self._process is None:
            raise LaunchError(self._failure or "the guest was not started")
        return self._process.pid

    @property
    def rss(self) -> int:
        """Return the resident memory of the runner in bytes."""
        match = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        return int(match[1]) * 1024 if match else 0

    @property
    def cpu_time(self) -> float:
        """Return the processor time of the runner in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a runner with all its children: they are a process group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def ending(attempt: Attempt, code: int, complaints: Sequence[str]) -> str:
    """Return why a runner ended without the guest's status, as one line."""
    reasons = [line for line in complaints if "warning:" not in line]
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
    # otherwise its usage text
    named = [line for line in reasons if line.startswith(f"{attempt.accelerator}: ")]
    why = f": {(named or reasons)[-1]}" if reasons else ""
    return f"the runner ({attempt.accelerator}) ended with {how} and no status from the guest{why}"
