# rings.py - a connection's send and receive buffers.
#
# Positions run freely and never wrap (63-bit ints); the primitives take them modulo the size. The memory
# comes with the first byte and grows with what is in it, so that an idle connection costs none and one that
# says little costs little.
from micropython import const

from .wire.primitives import ring_get, ring_put

_FIRST = const(4096)  # bytes of memory to begin with


class Memory:
    """What all connections of a stack take together. Beyond `limit` none begins, and of those there are each
    goes on with the memory it has."""

    def __init__(self, limit):
        self.limit = limit
        self.used = 0

    def full(self):
        """Whether nobody may take more."""
        return self.used > self.limit

    def spares(self, n):
        """Whether there is so much for what would be nice to have. If not, what is not needed is given
        back."""
        return self.used + n <= self.limit >> 1


class Ring:
    """Bytes between `tail` (the next to leave) and `head` (the next to come); at most `size` of them."""

    def __init__(self, size, memory):
        self.size = size
        self.memory = memory
        self.buf = None
        self.head = 0
        self.tail = 0
        self.end = 0  # what ends at this position, or before, surely fits in buf

    def room(self):
        """For how many bytes more there is room: while memory is full, in what the ring has."""
        size = self.size
        if self.memory.full():
            size = len(self.buf) if self.buf else min(_FIRST, size)
        return size - (self.head - self.tail)

    def reserve(self, end):
        """The memory, with room for what ends at position `end`. MemoryError if there is none, or none for
        those who have some: nothing has changed then."""
        n = end - self.tail
        if self.buf is None or n > len(self.buf):
            self._grow(n)
        self.end = self.tail + len(self.buf)
        return self.buf

    def memory_held(self):
        """Bytes of memory that it has now."""
        return len(self.buf) if self.buf is not None else 0

    def may_hold(self, end):
        """Whether out-of-order data that ends at position `end` fits in the memory it has, or memory is not
        scarce."""
        n = end - self.tail
        held = self.memory_held()
        return n <= held or self.memory.spares(self._size_for(n) - held)

    def _size_for(self, n):
        """How much memory it takes to hold n bytes: the least power of two, up to what the ring may grow
        to."""
        size = self.memory_held() or _FIRST
        while size < n:
            size <<= 1
        return min(size, self.size)

    def _grow(self, n):
        old = self.buf
        if (old or n > _FIRST) and self.memory.full():
            raise MemoryError
        buf = bytearray(self._size_for(n))
        if old:  # all of it: behind head may lie text that came early
            cut = self.tail % len(old)
            ring_put(buf, self.tail, old, cut, len(old) - cut)
            ring_put(buf, self.tail + len(old) - cut, old, 0, cut)
        self.memory.used += len(buf) - (len(old) if old else 0)
        self.buf = buf

    def release(self):
        """Give the memory back with all that was in it."""
        if self.buf is not None:
            self.memory.used -= len(self.buf)
        self.buf = None
        self.end = 0
        self.tail = self.head

    def relax(self):
        """What is in it has left for now: give scarce memory back. (Text that came early would be lost.)"""
        if self.tail == self.head and not self.memory.spares(0):
            self.release()

    def write(self, src, off, n):
        """Append up to n bytes of src[off:]; return how many there was room for."""
        room = self.room()
        if n > room:
            n = room
        if n > 0:
            ring_put(self.reserve(self.head + n), self.head, src, off, n)
            self.head += n
        return n

    def read(self, dst, off, n):
        """Take up to n bytes out into dst[off:]; return how many there were."""
        n = self.peek(dst, off, n)
        self.tail += n
        return n

    def peek(self, dst, off, n):
        """As read(), but they stay there."""
        used = self.head - self.tail
        if n > used:
            n = used
        if n > 0:
            ring_get(self.buf, self.tail, dst, off, n)
        return n
