# Send and receive rings: what goes in comes out, and the memory follows what is in them.
from mnet.rings import Ring
from mnet.wire.primitives import ring_put

DATA = bytes([i * 13 & 0xFF for i in range(70000)])


def taken(ring, n):
    """What read() gives for n bytes."""
    buf = bytearray(n)
    return bytes(buf[: ring.read(buf, 0, n)])


def numbers(seed):
    """Pseudo-random ones, the same on every interpreter."""
    while True:
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        yield seed >> 8


def test_an_unused_ring_has_no_memory():
    assert Ring(65536).buf is None


def test_little_text_takes_little_memory():
    ring = Ring(262144)
    for i in range(1000):  # however much has passed through
        assert ring.write(DATA, i, 64) == 64
        assert taken(ring, 64) == DATA[i : i + 64]
    assert len(ring.buf) <= 4096


def test_the_memory_is_never_larger_than_the_ring():
    for size in (2048, 5000, 65536):
        ring = Ring(size)
        assert ring.write(DATA, 0, 70000) == size
        assert len(ring.buf) == size
        assert ring.write(DATA, 0, 1) == 0
        assert taken(ring, 70000) == DATA[:size]


def test_text_survives_growth_wherever_it_lies():
    some = numbers(6)
    for size in (4096, 10000, 65536):
        ring, expected, at = Ring(size), b"", 0
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
    ring = Ring(65536)
    ring.write(DATA, 0, 3000)
    taken(ring, 2500)
    for start, end in ((4000, 6000), (9000, 30000), (6000, 9000), (3000, 4000)):  # as segments do
        ring_put(ring.reserve(end), start, DATA, start, end - start)
    ring.head = 30000
    assert taken(ring, 65536) == DATA[2500:30000]


def test_what_fits_needs_no_look():
    ring = Ring(65536)
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
    ring = Ring(1 << 60)
    ring.write(DATA, 0, 5000)
    try:
        ring.reserve(1 << 50)
        assert False
    except MemoryError:
        pass
    assert ring.write(DATA, 5000, 100) == 100
    assert taken(ring, 6000) == DATA[:5100]
