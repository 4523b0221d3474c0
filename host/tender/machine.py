"""A machine ready to run: an image in its memory, its devices attached."""

import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from host import manifest
from host.errors import HostError
from host.manifest import Kind
from host.tender import boot, image, ring
from host.tender.command import Command
from host.tender.devices import Block, Net, open_block, open_net
from host.tender.hypercalls import Hypercalls
from host.tender.image import Image
from host.tender.memory import Memory
from host.tender.ring import NetRing

MANIFEST_HEADER = manifest.HEADER.size
HOST_PART = 72  # the machine's part of a manifest entry
ATTACHED = 96


@dataclass(frozen=True)
class Attached:
    """The devices by handle: their index in the manifest."""

    nets: dict[int, Net]
    blocks: dict[int, Block]


def check_named(given: Iterable[str], kind: Kind, devices: tuple[manifest.Device, ...]) -> None:
    known = [device.name for device in devices if device.kind is kind]
    for name in given:
        if name not in known:
            raise HostError(f"--{kind.value}:{name}: the image has {' '.join(known) or 'no such device'}")


def attach(command: Command, devices: tuple[manifest.Device, ...], stack: ExitStack) -> Attached:
    """Open the devices of the manifest; each must be on the command line, and no others."""
    check_named(command.nets, Kind.NET, devices)
    check_named(command.blocks, Kind.BLOCK, devices)
    attached = Attached({}, {})
    for handle, device in enumerate(devices, 1):
        name = device.name
        if device.kind is Kind.NET and name in command.nets:
            net = open_net(name, command.nets[name], command.macs.get(name))
            stack.callback(os.close, net.fd)
            attached.nets[handle] = net
        elif device.kind is Kind.BLOCK and name in command.blocks:
            block = open_block(name, command.blocks[name], command.sectors.get(name, 512))
            stack.callback(os.close, block.fd)
            attached.blocks[handle] = block
        else:
            what = "TAP" if device.kind is Kind.NET else "FILE"
            raise HostError(f"the image wants the device {name}: --{device.kind.value}:{name}={what}")
    return attached


def filled_in(blank: bytes, attached: Attached) -> bytes:
    """Return the manifest with the machine's parts filled in."""
    filled = bytearray(blank)
    devices: dict[int, Net | Block] = {**attached.nets, **attached.blocks}
    for handle, device in devices.items():
        entry = MANIFEST_HEADER + handle * manifest.ENTRY.size
        filled[entry + HOST_PART : entry + HOST_PART + 16] = device.manifest()
        filled[entry + ATTACHED] = 1
    return bytes(filled)


class Machine:
    """A context manager: the devices are open inside the block."""

    def __init__(self, command: Command) -> None:
        self._stack = ExitStack()
        self._command = command
        self._size = command.memory
        self._image: Image = image.load(command.image, self._size)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.attached = attach(self._command, self._image.devices, stack)
            with_ring = bool(self.attached.nets) and self._command.ring
            self.memory = Memory(self._size, ring.SIZE if with_ring else 0)
            self.calls = Hypercalls(self.memory, self.attached.nets, self.attached.blocks)
            self.ring = NetRing(self.memory, self.attached.nets) if with_ring else None
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def entry(self) -> int:
        return self._image.entry

    @property
    def stack_pointer(self) -> int:
        return self._size - 8

    def load(self, tsc_hz: int) -> None:
        """Load everything, for a processor with this time stamp counter."""
        for segment in self._image.segments:
            self.memory.load(segment.address, segment.data)
        manifest_bytes = filled_in(self._image.manifest, self.attached)
        where = self._size if self.ring else 0
        boot.set_up(self.memory, self._image.end, manifest_bytes, self._command.arguments, tsc_hz, where)
        for segment in self._image.segments:
            self.memory.protect(segment.pages)
