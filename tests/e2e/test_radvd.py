"""Real routers: radvd's advertisements, and the guest's configuration (RFC 4861, 4862, 8106)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e import lab, peers
from e2e.radvd import Radvd, prefix, running

from host.net import tap
from host.run.guest import Guest

OLD = "fd01::5054:ff:fe00:2"
NEW = "fd02::5054:ff:fe00:2"
PREFERRED, DEPRECATED = 1, 2
ROUTER = "fe80::1"


@pytest.fixture
def radvd(tap0: str, tmp_path: Path) -> Iterator[Radvd]:
    for address in (f"{ROUTER}/64", "fd01::1/64", "fd02::1/64"):
        tap.ip("address", "add", address, "dev", tap0, "nodad")
    Path("/proc/sys/net/ipv6/conf/all/forwarding").write_text("1")
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def guest(radvd: Radvd) -> Iterator[Guest]:
    """The probe, which reports its configuration; it has autoconfigured IPv6."""
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
    for address in (OLD, NEW):  # the old one is still assigned
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
