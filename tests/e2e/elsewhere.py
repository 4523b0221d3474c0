"""Cables from this network namespace to others, and what makes hosts and routers of them."""

from pathlib import Path

from host.net import netns, tap

SWITCHES = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")


def cable(ours: str, theirs: str, there: netns.Beside) -> None:
    """One end here, one there, both down."""
    tap.ip("link", "add", ours, "type", "veth", "peer", "name", theirs)
    there.take(theirs)


def bring_up(name: str, *addresses: str) -> None:
    """An interface with these addresses, those of IPv6 good at once. A router's needs one of the link."""
    tap.ip("link", "set", name, "addrgenmode", "none")
    for address in addresses:
        tap.ip("address", "add", address, "dev", name, *(["nodad"] if ":" in address else []))
    tap.ip("link", "set", name, "up")


def forward() -> None:
    """This namespace is a router's from now on."""
    for switch in SWITCHES:
        Path("/proc/sys/net", switch).write_text("1")
