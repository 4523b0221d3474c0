# hooks.py - the hooks of an interface: filters for the frames in and out, and a tap that sees all of them.
import struct

from .limits import FILTER_ANSWERS

_PCAP = struct.pack("!IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)  # link type 1: Ethernet
_SECOND = 1000000


class Hooks:
    """The hooks of one interface (Interface.set_hooks), each a callable or None.

    `ingress(frame)` and `egress(frame)` decide about a frame received and one to be sent, a memoryview that
    is valid until they return. True: accept it. Bytes: drop it and answer with this frame, which is sent, or
    received as if the peer had sent it. All else: drop it. `tap(frame, sent)` sees what comes from the link
    before the filter, and what the device has taken. A filter that raises an exception drops the frame.
    """

    def __init__(self, interface, ingress, egress, tap):
        self.interface = interface
        self.ingress = ingress
        self.egress = egress
        self.tap = tap
        self.answers = []  # to frames that were sent, until deliver()

    def received(self, frame, n, now):
        """Whether a received frame is accepted."""
        view = memoryview(frame)[:n]
        if self.tap is not None:
            self._call(self.tap, view, False)
        if self.ingress is None:
            return True
        verdict = self._call(self.ingress, view)
        if verdict is True:
            return True
        self.interface.filtered += 1
        self.interface.filtered_bytes += n
        if _is_frame(verdict):
            self._write(verdict, len(verdict))
        return False

    def transmit(self, frame, n, *offload):
        """Transmit a frame (Interface.transmit), if it is accepted. Returns False only if the device has no
        room."""
        if self.egress is not None:
            verdict = self._call(self.egress, memoryview(frame)[:n])
            if verdict is not True:
                self.interface.tx_dropped += 1
                if _is_frame(verdict) and len(self.answers) < FILTER_ANSWERS:
                    self.answers.append(bytearray(verdict))
                    self.interface.host.deferred = True
                return True
        return self._write(frame, n, *offload)

    def _write(self, frame, n, *offload):
        taken = self.interface.transmit.write(frame, n, *offload)
        if taken and self.tap is not None:
            self._call(self.tap, memoryview(frame)[:n], True)
        return taken

    def deliver(self, now):
        """Receive the answers to frames that the host has sent."""
        answers, self.answers = self.answers, []
        for frame in answers:
            self.interface.receive(frame, len(frame), True, now)

    def _call(self, hook, *args):
        """Call a hook. Returns None if it raises an exception."""
        try:
            return hook(*args)
        except Exception as error:
            self.interface.hook_failed(error)


def _is_frame(verdict):
    return isinstance(verdict, (bytes, bytearray, memoryview)) and len(verdict) > 0


class Capture:
    """A tap that writes the frames in the pcap format (draft-ietf-opsawg-pcap): `write` is called with the
    header of a file, then with a record for each frame. `clock()` returns the time in microseconds. The
    checksums of what is sent are incomplete where the device completes them."""

    def __init__(self, write, clock):
        self.write = write
        self.clock = clock
        write(_PCAP)

    def __call__(self, frame, sent):
        now = self.clock()
        n = len(frame)
        self.write(struct.pack("!IIII", now // _SECOND, now % _SECOND, n, n) + bytes(frame))
