# The ranges of out-of-order data.
from mnet.assembler import Assembler


def ranges(*pairs, limit=8):
    assembler = Assembler(limit)
    for start, end in pairs:
        assert assembler.add(start, end)
    return assembler.ranges


def test_ranges_stay_apart_and_in_order():
    assert ranges((10, 20), (30, 40), (1, 5)) == [[1, 5], [10, 20], [30, 40]]


def test_neighbors_join():
    assert ranges((10, 20), (20, 30)) == [[10, 30]]
    assert ranges((20, 30), (10, 20)) == [[10, 30]]
    assert ranges((10, 20), (30, 40), (20, 30)) == [[10, 40]]


def test_overlaps_join():
    assert ranges((10, 20), (15, 30)) == [[10, 30]]
    assert ranges((15, 30), (10, 20)) == [[10, 30]]
    assert ranges((10, 20), (12, 15)) == [[10, 20]]
    assert ranges((12, 15), (10, 20)) == [[10, 20]]
    assert ranges((10, 20), (10, 20)) == [[10, 20]]
    assert ranges((10, 12), (14, 16), (18, 20), (11, 19)) == [[10, 20]]
    assert ranges((10, 12), (14, 16), (18, 20), (1, 99)) == [[1, 99]]


def test_there_is_a_limit_and_joining_is_still_possible():
    assembler = Assembler(3)
    for start in (10, 20, 30):
        assert assembler.add(start, start + 2)
    assert not assembler.add(40, 42) and not assembler.add(1, 2) and not assembler.add(15, 16)
    assert assembler.ranges == [[10, 12], [20, 22], [30, 32]]
    assert assembler.add(12, 20) and assembler.ranges == [[10, 22], [30, 32]]
    assert assembler.add(40, 42)


def test_advance_takes_what_follows_without_a_gap():
    assembler = Assembler(8)
    for start, end in ((10, 20), (30, 40)):
        assembler.add(start, end)
    assert assembler.advance(5) == 5 and len(assembler.ranges) == 2
    assert assembler.advance(10) == 20 and assembler.ranges == [[30, 40]]
    assert assembler.advance(35) == 40 and assembler.ranges == []
    assert assembler.advance(50) == 50


def test_advance_beyond_the_ranges_clears_them():
    assembler = Assembler(8)
    for start in (10, 20, 30):
        assembler.add(start, start + 5)
    assert assembler.advance(27) == 27 and assembler.ranges == [[30, 35]]
    assert assembler.advance(100) == 100 and assembler.ranges == []
