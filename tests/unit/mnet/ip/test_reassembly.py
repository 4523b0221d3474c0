# Reassembly of either family: RFC 791 3.2, RFC 1122 3.3.2, RFC 5722, RFC 8200 4.5.
from mnet.errors import ParseError
from mnet.ip.reassembly import Reassembly
from mnet.limits import (
    REASSEMBLY_BYTES,
    REASSEMBLY_COST,
    REASSEMBLY_DATAGRAMS,
    REASSEMBLY_FRAGMENTS,
    REASSEMBLY_TIME,
)
from mnet.stats import Stats
from mnet.timers import Deadlines

HEAD = b"the headers of "
WHOLE = bytes([i * 7 & 0xFF for i in range(100)])


class Table:
    """A Reassembly with a clock, which records the calls of `expired`."""

    def __init__(self):
        self.now = 1000000
        self.told = []
        self.failed = []
        self.deadlines = Deadlines()
        self.stats = Stats()
        expired = lambda *what: self.told.append(what)  # noqa: E731
        self.table = Reassembly(self.deadlines, self.stats, expired, self.failed.append)

    def add(self, start, end, key=1, data=None, more=None):
        """Add WHOLE[start:end]. Returns None, (headers, payload), or the reason of a drop."""
        head = HEAD + bytes((start & 0xFF,))
        data = WHOLE[start:end] if data is None else data
        frame = bytearray(head + data + b"padding")
        more = end < len(WHOLE) if more is None else more
        try:
            whole = self.table.add(key, frame, len(head), len(head) + len(data), start, more, self.now)
        except ParseError as error:
            return error.args[0]
        finally:
            self.check()
        return whole and (bytes(whole[0][: whole[1]]), bytes(whole[0][whole[1] :]))

    def check(self):
        table = self.table
        assert table.bytes == sum([each.cost for each in table.table.values()]) <= REASSEMBLY_BYTES
        assert len(self.deadlines.heap) == len(table.table) <= REASSEMBLY_DATAGRAMS

    def later(self, delay):
        self.now += delay
        self.deadlines.tick(self.now)
        self.check()


RIGHT = (HEAD + b"\0", WHOLE)


def test_any_order_makes_a_whole():  # V4-6
    pieces = ((0, 24), (24, 64), (64, 100))
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1)):
        table = Table()
        for i in order[:-1]:
            assert table.add(*pieces[i]) is None
        assert table.add(*pieces[order[-1]]) == RIGHT
        assert not table.table.table and not table.table.bytes and not table.deadlines.heap


def test_duplicates_are_dropped_singly():
    table = Table()
    assert table.add(0, 48) is None
    assert table.add(0, 48) == "fragment_duplicate"
    assert table.add(64, 100) is None
    assert table.add(64, 100) == "fragment_duplicate"
    assert table.add(48, 64) == RIGHT


def test_overlapping_fragments_drop_the_datagram():  # BAD-1, teardrop; RFC 5722
    for start, end in ((0, 24), (40, 56), (24, 40), (24, 64), (0, 72), (16, 72)):
        table = Table()
        assert table.add(16, 48) is None
        assert table.add(start, end) == "fragment_overlap", (start, end)
        for piece in ((0, 16), (48, 100), (16, 48)):
            assert table.add(*piece) == "fragment_of_dropped"
        table.later(REASSEMBLY_TIME)
        assert not table.told and table.stats.drops == {} and not table.table.table
    table = Table()
    table.add(16, 48)
    assert table.add(16, 48, data=bytes(32)) == "fragment_overlap"  # the same place, other bytes


def test_contradicting_last_fragments_drop_the_datagram():
    table = Table()
    table.add(48, 64, more=False)
    assert table.add(64, 72, more=False) == "fragment_overlap"
    table = Table()
    table.add(48, 64, more=False)
    assert table.add(64, 72, more=True) == "fragment_overlap"
    table = Table()
    table.add(64, 72)
    assert table.add(24, 48, more=False) == "fragment_overlap"
    table = Table()
    table.add(48, 64)
    assert table.add(48, 64, more=False) == "fragment_duplicate"


def test_lengths():
    table = Table()
    for end in range(1, 8):
        assert table.add(0, end, more=True) == "fragment_length"
    assert table.add(8, 8, more=True) == table.add(8, 8, more=False) == "fragment_length"
    assert not table.table.table
    assert table.add(0xFFF8, 0xFFFF, data=bytes(7), more=False) is None  # the last there may be
    assert table.add(0xFFF8, 0, data=bytes(8), more=True, key=2) == "fragment_too_far"  # the ping of death
    assert table.add(0xFFF8, 0, data=bytes(1400), more=False, key=2) == "fragment_too_far"


def test_reassembly_times_out():  # V4-7, V6-8
    table = Table()
    table.add(0, 24)
    table.add(24, 48)
    table.add(48, 64, key=2)
    table.later(REASSEMBLY_TIME - 1)
    assert len(table.table.table) == 2
    table.later(1)
    assert not table.table.table and table.stats.drops == {"fragment_timeout": 2}
    assert table.told == [(HEAD + b"\0", WHOLE[:24], table.now)]  # the sender of key 2 is unknown


def test_ten_thousand_first_fragments():  # V4-8
    table = Table()
    for key in range(10000):
        table.now += 1
        assert table.add(0, 24, key=key) is None
        if key % 1000 == 999:
            assert table.add(0, 64, key=-1) is None
            assert table.add(64, 100, key=-1) == RIGHT  # new datagrams are accepted
    assert len(table.table.table) == REASSEMBLY_DATAGRAMS - 1
    assert table.stats.drops == {"fragment_table_full": 10000 - len(table.table.table)}


def test_first_and_last_only():  # BAD-3, Rose: the middle never comes
    table = Table()
    for key in range(500):
        table.add(0, 8, key=key, data=bytes(1480))
        table.add(0xFF00, 0xFF08, key=key, data=bytes(8), more=False)
    assert len(table.table.table) <= REASSEMBLY_DATAGRAMS
    table.later(REASSEMBLY_TIME)
    assert not table.table.table and not table.table.bytes


def test_many_small_fragments():  # BAD-4, FragmentSmack
    table = Table()
    for i in range(REASSEMBLY_FRAGMENTS):
        assert table.add(16 * i, 16 * i + 8, data=bytes(8), more=True) is None
    assert table.add(0x8000, 0x8008, data=bytes(8), more=True) == "fragment_too_many"
    assert table.add(8, 16, data=bytes(8), more=True) == "fragment_of_dropped"
    assert table.table.bytes == 0


def test_bytes_are_bounded():
    table = Table()
    for key in range(40):
        for i in range(5):
            table.now += 1
            table.add(i * 2048, 0, key=key, data=bytes(2048), more=True)
    kept = REASSEMBLY_BYTES // (2048 + REASSEMBLY_COST)
    assert len(table.table.table) in (kept // 5, kept // 5 + 1)
    assert sorted(table.table.table)[-1] == 39  # the newest


def test_dropped_datagrams_make_room():
    table = Table()
    for key in range(REASSEMBLY_DATAGRAMS + 1):
        table.now += 1
        table.add(16, 48, key=key)
        table.add(24, 56, key=key)
    assert len(table.table.table) == REASSEMBLY_DATAGRAMS and table.table.bytes == 0
