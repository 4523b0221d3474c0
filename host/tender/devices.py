"""The host's ends of a guest's devices: a tap, a file."""

import fcntl
import os
import secrets
import socket
import struct
from dataclasses import dataclass
from errno import EIO
from pathlib import Path

from host.errors import HostError, explain
from host.net.tap import open_tap
from host.tender.errors import GuestFault

SIOCGIFFLAGS, SIOCGIFMTU = 0x8913, 0x8921
IFF_UP = 1
IFREQ_FLAGS, IFREQ_INT = struct.Struct("16sH22x"), struct.Struct("16si20x")

OK, AGAIN, EINVAL = 0, 1, 2  # results of hypercalls


def interface(name: str, request: int, layout: struct.Struct) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, request, layout.pack(name.encode(), 0))
    value: int = layout.unpack(answer)[1]
    return value


@dataclass(frozen=True)
class Net:
    """A tap: complete frames, never blocking."""

    fd: int
    mac: bytes
    mtu: int

    def manifest(self) -> bytes:
        """Return the device's part of the manifest entry."""
        return struct.pack("<6sH8x", self.mac, self.mtu)

    def write(self, frame: memoryview) -> int:
        try:
            os.write(self.fd, frame)
        except BlockingIOError:
            return OK  # the tap's queue is full: a network may lose frames
        except OSError as error:
            if error.errno == EIO:  # the tap is down: likewise
                return OK
            raise GuestFault(f"cannot send a frame of {len(frame)} bytes: {explain(error)}") from error
        return OK

    def read(self, buffer: memoryview) -> int | None:
        """Read the next frame. Returns its length; None if there is none."""
        try:
            return os.readv(self.fd, [buffer]) or None
        except BlockingIOError:
            return None
        except OSError as error:
            raise GuestFault(f"cannot receive a frame: {explain(error)}") from error


@dataclass(frozen=True)
class Block:
    """A file of whole sectors."""

    fd: int
    capacity: int
    sector: int

    def manifest(self) -> bytes:
        """Return the device's part of the manifest entry."""
        return struct.pack("<QH6x", self.capacity, self.sector)

    def has(self, offset: int, length: int) -> bool:
        return offset + length <= self.capacity

    def write(self, offset: int, data: memoryview) -> int:
        return self._whole(os.pwrite(self.fd, data, offset), len(data))

    def read(self, offset: int, buffer: memoryview) -> int:
        return self._whole(os.preadv(self.fd, [buffer], offset), len(buffer))

    @staticmethod
    def _whole(done: int, wanted: int) -> int:
        if done != wanted:
            raise GuestFault(f"a block device took {done} of {wanted} bytes")
        return OK


def random_mac() -> bytes:
    """Return a locally administered unicast address."""
    first, *rest = secrets.token_bytes(6)
    return bytes([(first & 0xFC) | 0x02, *rest])


def open_net(device: str, tap: str, mac: bytes | None) -> Net:
    what = f"--net:{device}={tap}"
    try:
        flags = interface(tap, SIOCGIFFLAGS, IFREQ_FLAGS)
        mtu = interface(tap, SIOCGIFMTU, IFREQ_INT)
    except OSError as error:
        raise HostError(f"{what}: no such tap here; make it: ip tuntap add dev {tap} mode tap") from error
    if not flags & IFF_UP:
        raise HostError(f"{what}: the tap is down: ip link set {tap} up")
    return Net(open_tap(tap), mac or random_mac(), mtu)


def open_block(device: str, file: Path, sector: int) -> Block:
    what = f"--block:{device}={file}"
    try:
        fd = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        size = os.lseek(fd, 0, os.SEEK_END)
    except OSError as error:
        raise HostError(f"{what}: {error.strerror}") from error
    if not size or size % sector:
        os.close(fd)
        raise HostError(f"{what}: {size} bytes are not a multiple of the sector, {sector}")
    return Block(fd, size, sector)
