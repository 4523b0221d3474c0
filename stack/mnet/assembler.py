# assembler.py - which bytes ahead of the next expected one have come already. Positions are free-running ring
# positions.


class Assembler:
    """Disjoint ranges in order, at most `limit`; the data itself lies in the ring at the same positions."""

    def __init__(self, limit):
        self.limit = limit
        self.ranges = []  # [start, end] pairs

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
        ranges[first:last] = [[start, end]]
        return True

    def advance(self, pos):
        """Everything before `pos` has been delivered: return the end of what follows without a gap,
        forgetting that."""
        ranges = self.ranges
        while ranges and ranges[0][0] <= pos:
            end = ranges.pop(0)[1]
            if end > pos:
                pos = end
        return pos
