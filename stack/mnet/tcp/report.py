# report.py - SACK blocks of the receiver for out-of-order and duplicate data: RFC 2018 section 4, RFC 2883.
from ..seq import M32, add, lt, sub


def blocks(tcb):
    """Return the SACK blocks of the next ACK, as many as fit beside timestamps: duplicate data (D-SACK),
    then the most recent out-of-order data, then earlier reports."""
    found = []
    if tcb.dsack is not None:
        found.append(tcb.dsack)
        tcb.dsack = None
    base = tcb.rcv_nxt - tcb.rx.head
    limit = 3 if tcb.ts_on else 4
    for start, end in tcb.out_of_order.recent:
        if len(found) < limit:
            found.append(((start + base) & M32, (end + base) & M32))
    return found


def old_data(tcb, seg):
    """Report a segment that begins with data below RCV.NXT."""
    if seg.len and lt(seg.seq, tcb.rcv_nxt):
        _set_dsack(tcb, seg.seq, add(seg.seq, min(seg.len, sub(tcb.rcv_nxt, seg.seq))))


def queued_data(tcb, start, n):
    """Report data of n positions from `start` that is already queued out of order."""
    twice = tcb.out_of_order.overlap(start, start + n)
    if twice is not None:
        base = tcb.rcv_nxt - tcb.rx.head
        _set_dsack(tcb, (twice[0] + base) & M32, (twice[1] + base) & M32)


def _set_dsack(tcb, start, end):
    if tcb.sack_on:
        tcb.dsack = (start, end)
        tcb.predicted = -1
