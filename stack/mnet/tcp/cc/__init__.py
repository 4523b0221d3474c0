# cc/ - congestion control algorithms: one file each, registered by a line in ALGORITHMS.
#
# An algorithm is a module with these functions. They set tcb.cwnd, and tcb.pacer if the connection is to be
# paced (pacing.py); tcb.cc_state is their own.
#
#   start(tcb)                 the connection is established, and cwnd is the initial window
#   sent(tcb, now)             new data is sent to a peer with SACK: once for each run of the scoreboard,
#                              64 times a round trip at most
#   acknowledged(tcb, n, flight, rtt, now)
#                              n bytes were newly acknowledged outside of recovery, of `flight` in flight;
#                              `rtt`: the RTT sample that the ACK gave, in microseconds, or 0
#   lost(tcb, flight)          a loss was detected: return the new ssthresh
#   marked(tcb, flight)        the peer has echoed a CE mark, once a window: return the new ssthresh
#   timed_out(tcb)             the retransmission timer has expired, after lost()
#
# They may read what the path is like: tcb.srtt (eighths), tcb.min_rtt, tcb.snd_mss, and delivered(tcb).
from . import cubic, reno

ALGORITHMS = {"cubic": cubic, "reno": reno}


def delivered(tcb):
    """Return how many bytes the peer has received so far (the `delivered` of delivery rate samples)."""
    sender = tcb.sender
    return tcb.tx.tail + (sender.board.sacked if sender is not None else 0)
