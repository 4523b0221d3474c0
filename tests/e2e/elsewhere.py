"""Links from this network namespace to others, and their configuration as hosts and routers."""

from pathlib import Path

from host.net import netns, tap

SWITCHES = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")


def cable(ours: str, theirs: str, there: netns.Beside) -> None:
    """Make a link with one end here and one there, both down."""
    tap.ip("link", "add", ours, "type", "veth", "peer", "name", theirs)
    there.take(theirs)


def bring_up(name: str, *addresses: str) -> None:
    """Bring an interface up with these addresses, IPv6 ones without DAD. A router needs a link-local one."""
    tap.ip("link", "set", name, "addrgenmode", "none")
    for address in addresses:
        tap.ip("address", "add", address, "dev", name, *(["nodad"] if ":" in address else []))
    tap.ip("link", "set", name, "up")


def forward() -> None:
    """Make this namespace a router."""
    for switch in SWITCHES:
        Path("/proc/sys/net", switch).write_text("1")
