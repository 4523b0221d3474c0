"""Frames on an interface, one by one."""

import socket
import time
from collections.abc import Callable

from e2e import peers
from scapy.layers.l2 import Ether
from scapy.packet import Packet


class Ear:
    """Receives all frames on an interface, and sends frames."""

    def __init__(self, interface: str) -> None:
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sock.bind((interface, 0))
        self.mac = self.sock.getsockname()[4].hex(":")

    def __enter__(self) -> "Ear":
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def say(self, packet: Packet) -> None:
        self.sock.send(bytes(packet))

    def forget(self) -> None:
        """Return the frames received until now."""
        self.sock.setblocking(False)
        try:
            while True:
                self.sock.recv(65536)
        except BlockingIOError:
            pass

    def hear(
        self,
        kind: type[Packet],
        ours: bool = False,
        wanted: Callable[[Packet], object] = lambda _frame: True,
        **fields: object,
    ) -> Packet:
        """Return the next frame with this layer, these field values and this condition, from the guest or
        from us."""
        deadline = time.monotonic() + peers.TIMEOUT
        while (left := deadline - time.monotonic()) > 0:
            self.sock.settimeout(left)
            data, (_, _, direction, *_) = self.sock.recvfrom(65536)
            if (direction == socket.PACKET_OUTGOING) != ours:
                continue
            frame = Ether(data)
            layer = frame.getlayer(kind)
            if layer is None or any(getattr(layer, name) != value for name, value in fields.items()):
                continue
            if wanted(frame):
                return frame
        raise TimeoutError("no such frame")
