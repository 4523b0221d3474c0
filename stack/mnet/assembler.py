# assembler.py - which bytes ahead of the next expected one have come already. Positions are free-running ring
# positions.
from micropython import const

_RECENT = const(4)  # no more fit into a segment's options


class Assembler:
    """Disjoint ranges in order, at most `limit`; the data itself lies in the ring at the same positions."""

    def __init__(self, limit):
        self.limit = limit
        self.ranges = []  # [start, end] pairs
        self.recent = []  # those of them last added to, the latest first (RFC 2018 section 4)

    def add(self, start, end):
        """Remember start .. end-1. False if that would be one range too many (the data must then be
        dropped)."""
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
        """Everything before `pos` has been delivered: return the end of what follows without a gap,
        forgetting that."""
        ranges = self.ranges
        while ranges and ranges[0][0] <= pos:
            end = ranges.pop(0)[1]
            if end > pos:
                pos = end
        recent = self.recent
        for i in range(len(recent) - 1, -1, -1):  # in place: this must not need memory
            if recent[i][0] <= pos:
                recent.pop(i)
        return pos

    def clear(self):
        """Forget all ranges."""
        self.ranges.clear()
        self.recent.clear()

    def overlap(self, start, end):
        """The first part of start .. end-1 that has come already, as (start, end), or None."""
        for first, last in self.ranges:
            if first < end and start < last:
                return max(start, first), min(end, last)
        return None
