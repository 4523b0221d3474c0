"""A guest's process, with a shell script in place of the runner: its output, its exit code, its end."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from host.errors import LaunchError
from host.paths import ROOT
from host.run.guest import Attempt, Guest


def runner(script: str, name: str = "fake") -> Attempt:
    """Write a runner; $1 is the file for the status."""
    return Attempt(name, lambda status: ["sh", "-c", script, "sh", status])


def guest(*scripts: str) -> Guest:
    return Guest([runner(script, f"fake{index}") for index, script in enumerate(scripts)])


@pytest.mark.parametrize("code", [0, 1, 3, 125, 255])
def test_the_exit_code_is_the_guests(code: int) -> None:
    with guest(f'echo hello; echo "exit {code}" > $1; exit 9') as running:
        assert running.wait(10) == code
        assert running.console.text == "hello\n"


def test_wait_for_text() -> None:
    with guest("echo one; sleep 0.1; echo two; sleep 0.1; echo two; read x") as running:
        first = running.wait_for("two", 10)
        assert running.wait_for(re.compile(r"two\n"), 10, start=first.end()).start() > first.start()
        with pytest.raises(EOFError, match="the guest ended without 'three'; its console:\none\ntwo\ntwo"):
            running.wait_for("three", 10)


def test_waiting_has_an_end() -> None:
    with guest("echo here; sleep 1000") as running:
        with pytest.raises(TimeoutError, match=r"no 'never' in 0\.2 s; console:\nhere"):
            running.wait_for("never", 0.2)
        with pytest.raises(TimeoutError, match=r"still runs after 0\.1 s"):
            running.wait(0.1)
        assert running.running
    assert not running.running


def test_no_status_is_one_line() -> None:
    with guest("echo booting; echo 'x: warning: nothing' >&2; echo 'x: no disk' >&2; exit 4") as running:
        with pytest.raises(LaunchError, match=r"\(fake0\) ended with code 4 and no status .*: x: no disk$"):
            running.wait(10)


def test_a_crashed_runner_is_named() -> None:
    with guest("echo booting; kill -SEGV $$") as running:
        with pytest.raises(LaunchError, match="ended with signal SIGSEGV"):
            running.wait(10)


def test_the_next_attempt_is_made_when_one_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    with guest("echo 'cannot set MSR' >&2; kill -ABRT $$", 'echo up; echo "exit 0" > $1') as running:
        assert running.wait(10) == 0
        assert running.accelerator == "fake1"
        assert running.console.text == "up\n"


def test_a_guest_that_ran_is_not_run_again() -> None:
    with guest("echo crashed; exit 1", 'echo "exit 0" > $1') as running:
        with pytest.raises(LaunchError, match=r"\(fake0\) ended with code 1"):
            running.wait(10)


def test_last_failure_is_reported() -> None:
    with guest("echo first >&2; exit 1", "echo second >&2; exit 1") as running:
        with pytest.raises(LaunchError, match=r"\(fake1\) ended with code 1 .*: second"):
            running.wait(10)


def test_kill_ends_it() -> None:
    with guest("echo up; sleep 1000") as running:
        running.wait_for("up", 10)
        pid = running.pid
        assert running.rss > 0 and running.cpu_time >= 0
        running.kill()
        running.kill()
        with pytest.raises(LaunchError, match="the guest was killed"):
            running.wait(1)
    assert not Path(f"/proc/{pid}").exists()


def test_a_lot_of_output_is_not_lost() -> None:
    with guest('seq 100000; echo "exit 0" > $1') as running:
        assert running.wait(30) == 0
        assert running.console.text.splitlines()[-1] == "100000"


def test_a_reader_that_goes_away_ends_the_guest() -> None:
    def broken(data: bytes) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with Guest([runner("echo up; sleep 1000")], copy_to=broken) as running:
        running.console.wait_end(10)
        with pytest.raises(LaunchError, match="Broken pipe"):
            running.wait(1)


def ended(pid: int, timeout: float = 10.0) -> bool:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_never_outlives_its_launcher(how: signal.Signals) -> None:
    script = (
        "from host.run.guest import Attempt, Guest\n"
        "with Guest([Attempt('fake', lambda s: ['sh', '-c', 'echo up; exec sleep 1000'])]) as guest:\n"
        "    guest.wait_for('up', 10); print(guest.pid, flush=True); guest.wait()\n"
    )
    argv = [sys.executable, "-c", script]
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline())
        os.kill(launcher.pid, how)
        launcher.wait(10)
    assert ended(pid)
