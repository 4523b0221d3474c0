"""Taps and bridges, in the network namespace that the calling thread is in."""

import fcntl
import json
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from host.errors import HostError, LaunchError, explain

TUNSETIFF = 0x400454CA
TUNSETOFFLOAD = 0x400454D0
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
IFREQ = struct.Struct("16sH22x")


def ip(*words: str) -> str:
    """Run iproute2's ip; its complaint becomes the error."""
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise HostError("no ip command: install iproute2") from None
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise HostError(f"ip {' '.join(words)}: {reason}")
    return done.stdout


def check(name: str) -> None:
    """That a tap exists, is up and can be had: as root QEMU would silently make one. Offloads that its last
    user left are cleared, which upstream's tenders do not do."""
    try:
        (link,) = json.loads(ip("-json", "-details", "link", "show", "dev", name))
    except HostError:
        remedy = f"make it: ip tuntap add dev {name} mode tap && ip link set {name} up"
        raise LaunchError(f"no tap {name} here; {remedy}") from None
    if link.get("linkinfo", {}).get("info_data", {}).get("type") != "tap":
        raise LaunchError(f"{name} is not a tap")
    if "UP" not in link["flags"]:
        raise LaunchError(f"the tap {name} is down: ip link set {name} up")
    try:
        os.close(open_tap(name))
    except HostError as error:
        raise LaunchError(f"{error} (another guest's, or another user's?)") from None


def bring_up(name: str, addresses: tuple[str, ...]) -> None:
    # The kernel's own IPv6 chatter (router solicitations, MLD) stays off links that tests count frames on.
    ip("link", "set", name, "addrgenmode", "none")
    for address in addresses:  # without duplicate address detection: it takes a second
        ip("address", "add", address, "dev", name, "nodad")
    ip("link", "set", name, "up")


@contextmanager
def tap(name: str, *addresses: str) -> Iterator[str]:
    """A tap that is up, with addresses such as 10.0.0.1/24 or fd00::1/64 on the host's side."""
    ip("tuntap", "add", "dev", name, "mode", "tap")
    try:
        bring_up(name, addresses)
        yield name
    finally:
        ip("link", "delete", name)


@contextmanager
def bridge(name: str, *ports: str, addresses: tuple[str, ...] = ()) -> Iterator[str]:
    """A bridge of existing interfaces that forwards at once (no spanning tree, no learning delay).

    Without addresses it is no host: Linux would answer there for those of all its other interfaces.
    """
    ip("link", "add", name, "type", "bridge", "forward_delay", "0", "stp_state", "0", "mcast_snooping", "0")
    try:
        for port in ports:
            ip("link", "set", port, "master", name)
        ip("link", "set", name, "arp", "on" if addresses else "off")
        bring_up(name, addresses)
        yield name
    finally:
        ip("link", "delete", name)


def open_tap(name: str) -> int:
    """The other end of a tap: a read is a frame that the host sends, a write one that it receives.

    Every frame is whole. A tap that outlives its users keeps the offloads that the last one asked for (QEMU
    does): the host would go on leaving checksums to a peer that cannot know.
    """
    try:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise HostError(explain(error)) from error
    try:
        fcntl.ioctl(fd, TUNSETIFF, IFREQ.pack(name.encode(), IFF_TAP | IFF_NO_PI))
        fcntl.ioctl(fd, TUNSETOFFLOAD, 0)
    except OSError as error:
        os.close(fd)
        raise HostError(f"tap {name}: {explain(error)}") from error
    return fd
