# endpoint.py - one UDP socket's side of the stack: a bounded queue of datagrams.
from ..limits import UDP_QUEUE, UDP_QUEUE_BYTES


class Endpoint:
    """`peer` is (address, port) once connected, else None; `on_readable` is called when a datagram has
    come."""

    def __init__(self):
        self.queue = []
        self.queued = 0
        self.peer = None
        self.on_readable = None

    def deliver(self, frame, off, end, src, sport):
        """Keep a copy of frame[off:end]. Returns the reason if it is dropped."""
        if self.peer is not None and self.peer != (src, sport):
            return "udp_other_peer"
        if len(self.queue) >= UDP_QUEUE or self.queued + end - off > UDP_QUEUE_BYTES:
            return "udp_queue_full"
        self.queue.append((bytes(memoryview(frame)[off:end]), src, sport))
        self.queued += end - off
        if self.on_readable is not None:
            self.on_readable()
        return None

    def take(self):
        """The oldest datagram as (data, address, port), or None."""
        if not self.queue:
            return None
        datagram = self.queue.pop(0)
        self.queued -= len(datagram[0])
        return datagram
