# Send and receive rings: data read is data written, and memory follows the contents.
from mnet.rings import Memory, Ring
from mnet.wire.primitives import ring_put

DATA = bytes([i * 13 & 0xFF for i in range(70000)])


def ring_of(size, limit=1 << 60):
    """A ring with a Memory of its own."""
    return Ring(size, Memory(limit))


def taken(ring, n):
    """Return what read() gives for n bytes."""
    buf = bytearray(n)
    return bytes(buf[: ring.read(buf, 0, n)])


def numbers(seed):
    """Return pseudo-random bytes, the same on every interpreter."""
    while True:
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        yield seed >> 8


def test_an_unused_ring_has_no_memory():
    assert ring_of(65536).buf is None


def test_little_text_takes_little_memory():
    ring = ring_of(262144)
    for i in range(1000):  # however much has passed through
        assert ring.write(DATA, i, 64) == 64
        assert taken(ring, 64) == DATA[i : i + 64]
    assert len(ring.buf) <= 4096


def test_the_memory_is_never_larger_than_the_ring():
    for size in (2048, 5000, 65536):
        ring = ring_of(size)
        assert ring.write(DATA, 0, 70000) == size
        assert len(ring.buf) == size
        assert ring.write(DATA, 0, 1) == 0
        assert taken(ring, 70000) == DATA[:size]


def test_text_survives_growth_wherever_it_lies():
    some = numbers(6)
    for size in (4096, 10000, 65536):
        ring, expected, at = ring_of(size), b"", 0
        while at < 400000:
            n = 1 + next(some) % (size // 3)
            start = at % 4096
            n = ring.write(DATA, start, n)
            expected += DATA[start : start + n]
            at += n
            n = next(some) % (size // 3)
            assert taken(ring, n) == expected[:n]
            expected = expected[n:]
        assert taken(ring, size) == expected


def test_text_ahead_survives_growth():
    ring = ring_of(65536)
    ring.write(DATA, 0, 3000)
    taken(ring, 2500)
    for start, end in ((4000, 6000), (9000, 30000), (6000, 9000), (3000, 4000)):  # as segments do
        ring_put(ring.reserve(end), start, DATA, start, end - start)
    ring.head = 30000
    assert taken(ring, 65536) == DATA[2500:30000]


def test_end_bounds_what_fits_in_the_memory():
    ring = ring_of(65536)
    ring.reserve(1)
    assert 1 <= ring.end <= len(ring.buf)
    ring.write(DATA, 0, 65536)
    assert ring.end <= ring.tail + len(ring.buf)
    taken(ring, 1000)
    assert ring.end <= ring.tail + len(ring.buf)
    ring.release()
    assert ring.buf is None and ring.end <= ring.head and taken(ring, 10) == b""
    assert ring.write(DATA, 7, 100) == 100 and taken(ring, 100) == DATA[7:107]


def test_no_memory_changes_nothing():
    ring = ring_of(1 << 60)
    ring.write(DATA, 0, 5000)
    try:
        ring.reserve(1 << 50)
        assert False
    except MemoryError:
        pass
    assert ring.write(DATA, 5000, 100) == 100
    assert taken(ring, 6000) == DATA[:5100]


def test_while_memory_is_full_a_ring_keeps_to_what_it_has():
    ring = ring_of(65536, 9000)
    assert ring.room() == 65536 and ring.write(DATA, 0, 20000) == 20000 and len(ring.buf) == 32768
    assert ring.memory.exhausted() and ring.room() == 32768 - 20000
    assert ring.write(DATA, 20000, 65536) == 12768 and ring.room() == 0
    try:
        ring.reserve(ring.tail + 32769)
        assert False
    except MemoryError:
        pass
    assert taken(ring, 30000) == DATA[:30000] and ring.room() == 30000
    other = Ring(65536, ring.memory)  # to begin with, each gets a little
    assert other.room() == 4096 == other.write(DATA, 0, 65536)


def test_scarce_memory_is_given_back_when_nothing_is_in_it():
    ring = ring_of(65536, 9000)
    ring.write(DATA, 0, 4096)
    taken(ring, 4096)
    ring.relax()
    assert ring.memory.used == 4096  # there is enough
    ring.write(DATA, 0, 5000)
    ring.relax()
    assert taken(ring, 5000) == DATA[:5000]
    ring.relax()
    assert ring.memory.used == 0 and ring.buf is None
    assert ring.write(DATA, 0, 100) == 100 and taken(ring, 100) == DATA[:100]
