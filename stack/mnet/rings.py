# rings.py - a connection's send and receive buffers.
#
# Positions are free-running and never wrap (63-bit ints); the primitives take them modulo the size. Memory is
# allocated with the first byte and grows with the contents, so that an idle connection costs none.
from micropython import const

from .wire.primitives import ring_get, ring_put

_FIRST = const(4096)  # first allocation, in bytes


class Memory:
    """The memory of all connections of a stack. Above `limit` no connection is opened, and existing ones
    keep the memory that they have."""

    def __init__(self, limit):
        self.limit = limit
        self.used = 0

    def exhausted(self):
        """Whether the memory is used up: no buffer may grow."""
        return self.used > self.limit

    def below_half(self, n):
        """Whether n bytes more leave memory below half: optional memory may be used. If not, unused memory
        is released."""
        return self.used + n <= self.limit >> 1


class Ring:
    """A ring of at most `size` bytes from `tail` (the next to be read) to `head` (the next to be written)."""

    def __init__(self, size, memory):
        self.size = size
        self.memory = memory
        self.buf = None
        self.head = 0
        self.tail = 0
        self.end = 0  # data that ends at or before this position fits in buf

    def room(self):
        """Return the number of free bytes; while memory is exhausted, of the buffer as allocated."""
        size = self.size
        if self.memory.exhausted():
            size = len(self.buf) if self.buf else min(_FIRST, size)
        return size - (self.head - self.tail)

    def reserve(self, end):
        """Return the buffer, with room for data that ends at position `end`. MemoryError if memory is
        exhausted: nothing has changed."""
        n = end - self.tail
        if self.buf is None or n > len(self.buf):
            self._grow(n)
        self.end = self.tail + len(self.buf)
        return self.buf

    def memory_held(self):
        """Return the number of bytes allocated."""
        return len(self.buf) if self.buf is not None else 0

    def may_hold(self, end):
        """Whether out-of-order data that ends at position `end` fits in the allocated buffer, or memory is
        not scarce."""
        n = end - self.tail
        held = self.memory_held()
        return n <= held or self.memory.below_half(self._size_for(n) - held)

    def _size_for(self, n):
        """Return the buffer size for n bytes: a power of two, up to the ring's size."""
        size = self.memory_held() or _FIRST
        while size < n:
            size <<= 1
        return min(size, self.size)

    def _grow(self, n):
        old = self.buf
        if (old or n > _FIRST) and self.memory.exhausted():
            raise MemoryError
        buf = bytearray(self._size_for(n))
        if old:  # all of it: out-of-order data may lie behind head
            cut = self.tail % len(old)
            ring_put(buf, self.tail, old, cut, len(old) - cut)
            ring_put(buf, self.tail + len(old) - cut, old, 0, cut)
        self.memory.used += len(buf) - (len(old) if old else 0)
        self.buf = buf

    def release(self):
        """Release the memory and the contents."""
        if self.buf is not None:
            self.memory.used -= len(self.buf)
        self.buf = None
        self.end = 0
        self.tail = self.head

    def relax(self):
        """Release the memory of an empty ring if memory is scarce. Out-of-order data would be lost."""
        if self.tail == self.head and not self.memory.below_half(0):
            self.release()

    def write(self, src, off, n):
        """Append up to n bytes of src[off:]. Returns how many."""
        room = self.room()
        if n > room:
            n = room
        if n > 0:
            ring_put(self.reserve(self.head + n), self.head, src, off, n)
            self.head += n
        return n

    def read(self, dst, off, n):
        """Read up to n bytes into dst[off:] and remove them. Returns how many."""
        n = self.peek(dst, off, n)
        self.tail += n
        return n

    def peek(self, dst, off, n):
        """Read up to n bytes without removing them."""
        used = self.head - self.tail
        if n > used:
            n = used
        if n > 0:
            ring_get(self.buf, self.tail, dst, off, n)
        return n
