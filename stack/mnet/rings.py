# rings.py - a connection's send and receive buffers.
#
# Positions run freely and never wrap (63-bit ints); the primitives take them modulo the size. The memory
# comes with the first byte, so that an idle connection costs none.
from .wire.primitives import ring_get, ring_put


class Ring:
    """Bytes between `tail` (the next to leave) and `head` (the next to come); at most `size` of them."""

    def __init__(self, size):
        self.size = size
        self.buf = None
        self.head = 0
        self.tail = 0

    def reserve(self):
        """The memory. MemoryError if there is none: nothing has changed then."""
        if self.buf is None:
            self.buf = bytearray(self.size)
        return self.buf

    def release(self):
        """Give the memory back with all that was in it."""
        self.buf = None
        self.tail = self.head

    def write(self, src, off, n):
        """Append up to n bytes of src[off:]; return how many there was room for."""
        room = self.size - (self.head - self.tail)
        if n > room:
            n = room
        if n > 0:
            ring_put(self.reserve(), self.head, src, off, n)
            self.head += n
        return n

    def read(self, dst, off, n):
        """Take up to n bytes out into dst[off:]; return how many there were."""
        used = self.head - self.tail
        if n > used:
            n = used
        if n > 0:
            ring_get(self.buf, self.tail, dst, off, n)
            self.tail += n
        return n
