# report.py - what the receiver tells of text that came out of order or twice: RFC 2018 section 4, RFC 2883.
from ..seq import M32, add, lt, sub


def blocks(tcb):
    """The SACK blocks of the next acknowledgement, at most what fits beside timestamps: what came twice, then
    what came last, then what was reported before."""
    found = []
    if tcb.dsack is not None:
        found.append(tcb.dsack)
        tcb.dsack = None
    base = tcb.rcv_nxt - tcb.rx.head
    limit = 3 if tcb.ts_on else 4
    for start, end in tcb.ahead.recent:
        if len(found) < limit:
            found.append(((start + base) & M32, (end + base) & M32))
    return found


def old_text(tcb, seg):
    """The segment begins with text that was delivered long ago."""
    if seg.len and lt(seg.seq, tcb.rcv_nxt):
        _came_twice(tcb, seg.seq, add(seg.seq, min(seg.len, sub(tcb.rcv_nxt, seg.seq))))


def waiting_text(tcb, start, n):
    """Text for n positions has come; some of it may wait there already."""
    twice = tcb.ahead.overlap(start, start + n)
    if twice is not None:
        base = tcb.rcv_nxt - tcb.rx.head
        _came_twice(tcb, (twice[0] + base) & M32, (twice[1] + base) & M32)


def _came_twice(tcb, start, end):
    if tcb.sack_on:
        tcb.dsack = (start, end)
        tcb.predicted = -1
