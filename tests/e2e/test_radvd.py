"""Routers as they are: what radvd says, and what a guest makes of it (RFC 4861, 4862, 8106)."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from e2e import lab, peers

from host import tap
from host.bootstrap import SBIN
from host.guest import Guest

TEMPLATE = """interface tap0 {{
  AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; MinDelayBetweenRAs 3;
  {what}
}};
"""
OLD = "fd01::5054:ff:fe00:2"
NEW = "fd02::5054:ff:fe00:2"
PREFERRED, DEPRECATED = 1, 2
ROUTER = "fe80::1"


def prefix(value: str, valid: int = 7200, preferred: int = 3600) -> str:
    lifetimes = f"AdvValidLifetime {valid}; AdvPreferredLifetime {preferred};"
    return f"prefix {value}/64 {{ AdvOnLink on; AdvAutonomous on; {lifetimes} }};"


class Radvd:
    """The daemon on tap0, and how to make it say something else."""

    def __init__(self, folder: Path) -> None:
        path = shutil.which("radvd") or shutil.which("radvd", path=SBIN)
        if path is None:
            pytest.skip("no radvd on this machine")
        self.path = path
        self.configuration = folder / "radvd.conf"
        self.pid = folder / "radvd.pid"
        self.process: subprocess.Popen[bytes] | None = None

    def say(self, what: str) -> None:
        self.configuration.write_text(TEMPLATE.format(what=what))
        if self.process is None:
            command = [self.path, "-n", "-m", "stderr", "-C", str(self.configuration), "-p", str(self.pid)]
            self.process = subprocess.Popen(command)
        else:
            os.kill(self.process.pid, signal.SIGHUP)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(peers.PATIENCE)


@contextmanager
def running(folder: Path) -> Iterator[Radvd]:
    made = Radvd(folder)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def radvd(tap0: str, tmp_path: Path) -> Iterator[Radvd]:
    for address in (f"{ROUTER}/64", "fd01::1/64", "fd02::1/64"):
        tap.ip("address", "add", address, "dev", tap0, "nodad")
    Path("/proc/sys/net/ipv6/conf/all/forwarding").write_text("1")
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def guest(radvd: Radvd) -> Iterator[Guest]:
    """The probe, which shows what it was told; it has IPv6 of its own making."""
    with lab.booted(lab.on_tap(mac="52:54:00:00:00:02"), lab.PROBE) as booted:
        booted.wait_for(lab.READY)
        yield booted


def six() -> Any:
    return peers.ask(lab.GUEST, "six")


def test_a_router_that_changes_its_mind(radvd: Radvd, guest: Guest) -> None:  # ND-6, ND-7
    radvd.say(f"AdvLinkMTU 1400; AdvCurHopLimit 77; RDNSS fd01::53 {{ }}; {prefix('fd01::')}")
    lab.eventually(lambda: six()["addresses"].get(OLD) == PREFERRED, "an address from the prefix")
    told = six()
    assert (told["mtu"], told["hops"], told["nameservers"]) == (1400, 77, ["fd01::53"])
    assert (told["via"], told["source"]) == (ROUTER, OLD)
    peers.ping(OLD)

    radvd.say(f"AdvLinkMTU 1300; {prefix('fd01::', preferred=0)} {prefix('fd02::')}")
    lab.eventually(lambda: six()["addresses"].get(NEW) == PREFERRED, "an address from the new prefix")
    lab.eventually(lambda: six()["addresses"].get(OLD) == DEPRECATED, "the old one is deprecated")
    assert (six()["source"], six()["mtu"]) == (NEW, 1300)
    for address in (OLD, NEW):  # the old one is still ours
        peers.ping(address)

    radvd.say(f"AdvDefaultLifetime 0; RDNSS fd01::53 {{ AdvRDNSSLifetime 0; }}; {prefix('fd02::')}")
    lab.eventually(lambda: six()["via"] is None, "no router is left")
    lab.eventually(lambda: six()["nameservers"] == [], "nor a name server")
    peers.ping(NEW)


def test_a_router_that_stops(radvd: Radvd, guest: Guest) -> None:
    """Its last advertisement has lifetime 0 (RFC 4861 6.2.5)."""
    radvd.say(prefix("fd01::"))
    lab.eventually(lambda: six()["via"] == ROUTER, "a router")
    radvd.stop()
    lab.eventually(lambda: six()["via"] is None, "no router")
