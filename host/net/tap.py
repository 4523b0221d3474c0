"""Taps and bridges in the network namespace of the calling thread."""

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
    """Run iproute2's ip; its message becomes the error."""
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise HostError("no ip command: install iproute2") from None
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise HostError(f"ip {' '.join(words)}: {reason}")
    return done.stdout


def check(name: str) -> None:
    """Check that a tap exists, is up and is not in use: as root QEMU would silently make one. Clear
    offloads left by its last user, which upstream's tenders do not do."""
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
    # Keep the kernel's own IPv6 packets (router solicitations, MLD) off links on which tests count frames.
    ip("link", "set", name, "addrgenmode", "none")
    for address in addresses:  # without duplicate address detection, which takes a second
        ip("address", "add", address, "dev", name, "nodad")
    ip("link", "set", name, "up")


@contextmanager
def tap(name: str, *addresses: str) -> Iterator[str]:
    """Make a tap that is up, with addresses such as 10.0.0.1/24 or fd00::1/64 on the host's side."""
    ip("tuntap", "add", "dev", name, "mode", "tap")
    try:
        bring_up(name, addresses)
        yield name
    finally:
        ip("link", "delete", name)


@contextmanager
def bridge(name: str, *ports: str, addresses: tuple[str, ...] = ()) -> Iterator[str]:
    """Make a bridge of existing interfaces that forwards at once (no spanning tree, no learning delay).
    Without addresses it is no host: Linux would reply there for the addresses of its other interfaces."""
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
    """Open the other end of a tap: read() returns a frame that the host sends, write() sends one to it.

    Every frame is complete. A persistent tap keeps the offloads of its last user (such as QEMU), so they
    are cleared: otherwise the host would leave checksums to a peer that does not expect it."""
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
