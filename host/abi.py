"""Solo5's ABI note (type ABI1), which names the tender that an image is for. The port's platform writes
it."""

import struct

from host.errors import HostError

NOTE_TYPE = 0x31494241  # "ABI1"
VERSION = 2
TARGETS = {1: "hvt", 2: "spt", 3: "virtio", 4: "muen", 5: "genode", 6: "xen"}
DESCRIPTOR = struct.Struct("<II8x")  # target, version


def decode(descriptor: bytes) -> str:
    """Return the target of a descriptor. HostError if it is unknown."""
    if len(descriptor) != DESCRIPTOR.size:
        raise HostError(f"the ABI note has {len(descriptor)} bytes, not {DESCRIPTOR.size}")
    target, version = DESCRIPTOR.unpack(descriptor)
    if target not in TARGETS or version != VERSION:
        raise HostError(f"the ABI note has target {target}, version {version}")
    return TARGETS[target]
