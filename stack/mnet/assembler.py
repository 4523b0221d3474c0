# assembler.py - the ranges of out-of-order data in a receive buffer. Positions are free-running ring
# positions.
from micropython import const

_RECENT = const(4)  # no more SACK blocks fit into the options of a segment


class Assembler:
    """Disjoint ranges in order, at most `limit`; the data itself lies in the ring at the same positions."""

    def __init__(self, limit):
        self.limit = limit
        self.ranges = []  # [start, end] pairs
        self.recent = []  # most recently changed ranges, the latest first (RFC 2018 section 4)

    def add(self, start, end):
        """Add the range start .. end-1. Returns False if that makes too many ranges: the data must be
        dropped."""
        ranges = self.ranges
        first = 0
        while first < len(ranges) and ranges[first][1] < start:
            first += 1
        last = first
        while last < len(ranges) and ranges[last][0] <= end:
            last += 1
        if first == last and len(ranges) >= self.limit:
            return False
        if first < last:
            start = min(start, ranges[first][0])
            end = max(end, ranges[last - 1][1])
        new = [start, end]
        ranges[first:last] = [new]
        recent = [new]
        for each in self.recent:
            if len(recent) < _RECENT and (each[1] < start or end < each[0]):
                recent.append(each)
        self.recent = recent
        return True

    def advance(self, pos):
        """Drop data before `pos`, which was delivered in order. Returns the end of the data contiguous
        with it."""
        ranges = self.ranges
        while ranges and ranges[0][0] <= pos:
            end = ranges.pop(0)[1]
            if end > pos:
                pos = end
        recent = self.recent
        for i in range(len(recent) - 1, -1, -1):  # in place: needs no memory
            if recent[i][0] <= pos:
                recent.pop(i)
        return pos

    def clear(self):
        """Drop all ranges."""
        self.ranges.clear()
        self.recent.clear()

    def overlap(self, start, end):
        """Return the first part of start .. end-1 that is already present as (start, end), or None."""
        for first, last in self.ranges:
            if first < end and start < last:
                return max(start, first), min(end, last)
        return None


NONE = Assembler(0)  # of a connection that has had no out-of-order data
