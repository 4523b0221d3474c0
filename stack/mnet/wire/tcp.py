# tcp.py - TCP headers and options beyond the fast path: RFC 9293 3.1, RFC 7323, RFC 2018. Bytes only.
from micropython import const

from .primitives import put16, put32, sum16, u16, u32

HEADER = const(20)
FIN = const(1)
SYN = const(2)
RST = const(4)
ACK = const(16)

_END = const(0)
_NOP = const(1)
_MSS = const(2)
_WINDOW_SCALE = const(3)
_SACK_PERMITTED = const(4)
_SACK = const(5)
_TIMESTAMPS = const(8)
_MAX_BLOCKS = const(4)


class Options:
    """The options of one segment; None where one is absent. Reused."""

    def __init__(self):
        self.edges = [0] * (2 * _MAX_BLOCKS)  # of SACK blocks: start, end, start, end ...
        self.clear()

    def clear(self):
        """Reset to no options."""
        self.mss = self.window_scale = self.tsval = self.tsecr = None
        self.sack_permitted = False
        self.blocks = 0  # number of SACK blocks in `edges`

    def parse(self, frame, off, end):
        """Parse the options frame[off:end]. Returns False if they are malformed; options before the error
        are kept (RFC 9293 MUST-7)."""
        self.clear()
        while off < end:
            kind = frame[off]
            if kind == _END:
                return True
            if kind == _NOP:
                off += 1
                continue
            if off + 2 > end:
                return False
            size = frame[off + 1]
            if size < 2 or off + size > end:
                return False
            self._option(frame, off, kind, size)
            off += size
        return True

    def _option(self, frame, off, kind, size):
        if kind == _MSS and size == 4:
            self.mss = u16(frame, off + 2)
        elif kind == _WINDOW_SCALE and size == 3:
            self.window_scale = frame[off + 2]
        elif kind == _TIMESTAMPS and size == 10:
            self.tsval = u32(frame, off + 2)
            self.tsecr = u32(frame, off + 6)
        elif kind == _SACK_PERMITTED and size == 2:
            self.sack_permitted = True
        elif kind == _SACK and size & 7 == 2:
            self.blocks = min(size >> 3, _MAX_BLOCKS)
            for i in range(2 * self.blocks):
                self.edges[i] = u32(frame, off + 2 + 4 * i)


def write_options(buf, off, mss, window_scale, sack, tsval, tsecr):
    """Write the options of a SYN at `off`, leaving out those that are None. Returns their length, a
    multiple of 4."""
    start = off
    put32(buf, off, _MSS << 24 | 4 << 16 | mss)
    off += 4
    if window_scale is not None:
        put32(buf, off, _NOP << 24 | _WINDOW_SCALE << 16 | 3 << 8 | window_scale)
        off += 4
    end = off + write_timestamps(buf, off, tsval, tsecr)
    if sack:
        put16(buf, off, _SACK_PERMITTED << 8 | 2)  # in place of two NOPs
        if end == off:
            put16(buf, off + 2, _NOP << 8 | _NOP)
            end += 4
    return end - start


def write_timestamps(buf, off, tsval, tsecr):
    """Write the timestamps option at `off` in the layout of RFC 7323 appendix A, or nothing if tsval is
    None. Returns its length."""
    if tsval is None:
        return 0
    put32(buf, off, _NOP << 24 | _NOP << 16 | _TIMESTAMPS << 8 | 10)
    put32(buf, off + 4, tsval)
    put32(buf, off + 8, tsecr)
    return 12


def write_sack(buf, off, blocks):
    """Write (start, end) pairs of sequence numbers as SACK blocks at `off` (RFC 2018 section 3). Returns
    their length."""
    put32(buf, off, _NOP << 24 | _NOP << 16 | _SACK << 8 | 2 + 8 * len(blocks))
    for start, end in blocks:
        put32(buf, off + 4, start)
        put32(buf, off + 8, end)
        off += 8
    return 4 + 8 * len(blocks)


def write(buf, off, sport, dport, seq, ack, flags, window, header, length, pseudo):
    """Write a header of `header` bytes (options already in place) for a segment of `length` bytes in all,
    and its checksum."""
    put16(buf, off, sport)
    put16(buf, off + 2, dport)
    put32(buf, off + 4, seq)
    put32(buf, off + 8, ack)
    buf[off + 12] = header << 2
    buf[off + 13] = flags
    put16(buf, off + 14, window)
    put16(buf, off + 16, 0)
    put16(buf, off + 18, 0)
    put16(buf, off + 16, ~sum16(buf, off, length, pseudo + length))
