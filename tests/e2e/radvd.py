"""radvd, the router advertisement daemon, as the tests start it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e import peers

from host.bootstrap import SBIN

TEMPLATE = """interface {interface} {{
  AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; MinDelayBetweenRAs 3;
  {what}
}};
"""


def prefix(value: str, valid: int = 7200, preferred: int = 3600) -> str:
    lifetimes = f"AdvValidLifetime {valid}; AdvPreferredLifetime {preferred};"
    return f"prefix {value}/64 {{ AdvOnLink on; AdvAutonomous on; {lifetimes} }};"


class Radvd:
    """The daemon on an interface, with a configuration that can be changed."""

    def __init__(self, folder: Path, interface: str = "tap0") -> None:
        path = shutil.which("radvd") or shutil.which("radvd", path=SBIN)
        if path is None:
            pytest.skip("no radvd on this machine")
        self.configuration = folder / "radvd.conf"
        self.interface = interface
        self.command = f"{path} -n -m stderr -C {self.configuration} -p {folder / 'radvd.pid'}".split()
        self.process: subprocess.Popen[bytes] | None = None

    def say(self, what: str) -> None:
        """Set the configuration; the first call starts the daemon in this namespace."""
        self.configuration.write_text(TEMPLATE.format(interface=self.interface, what=what))
        if self.process is None:
            self.process = subprocess.Popen(self.command)
        else:
            os.kill(self.process.pid, signal.SIGHUP)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(peers.TIMEOUT)


@contextmanager
def running(folder: Path, interface: str = "tap0") -> Iterator[Radvd]:
    made = Radvd(folder, interface)
    try:
        yield made
    finally:
        made.stop()
