# info.py - TCP_INFO: struct tcp_info of linux/tcp.h, the part that has not changed since 2.6. Unknown values
# are 0.
import struct

from micropython import const

from ..seq import sub
from .congestion import FAST, LOSS

SIZE = 104
CLOSE = const(7)
LISTEN = const(10)
_STATES = (CLOSE, 2, 3, 1, 4, 5, 8, 11, 9, 6)  # Linux's numbers of our states
_RECOVERY = {FAST: 3, LOSS: 4}
_TIMESTAMPS = const(1)
_SACK = const(2)
_WINDOW_SCALE = const(4)
_ECN = const(8)
_NO_THRESHOLD = const(0x7FFFFFFF)


def info(tcb, now):
    """Return the struct as bytes. Times are in microseconds (ages: milliseconds), data in segments."""
    mss = tcb.snd_mss
    tries = tcb.retries
    scales = tcb.snd_wscale | tcb.rcv_wscale << 4 if tcb.scale_on else 0
    recovery = _RECOVERY.get(tcb.recovery, 0)
    state = (_STATES[tcb.state], recovery, tries, tries * tcb.probing, tries, _options(tcb), scales, 0)
    sizes = (tcb.rto, 0, mss, tcb.rcv_mss)
    sacked, lost = (0, 0) if tcb.sender is None else (tcb.sender.board.sacked, tcb.sender.board.lost)
    outstanding = (-(-sub(tcb.snd_max, tcb.snd_una) // mss), sacked // mss, lost // mss, 0, 0)
    ago = ((now - tcb.sent_at) // 1000, 0, 0, 0)
    pmtu = tcb.ip.mss(tcb.remote, now) + tcb.ip.header + 20
    threshold = _NO_THRESHOLD if tcb.ssthresh >> 30 else tcb.ssthresh // mss
    path = (pmtu, 0, tcb.srtt >> 3, tcb.rttvar >> 2, threshold, tcb.cwnd // mss, tcb.rcv_mss, 0)
    room = (0, tcb.rx.size, 0)
    return struct.pack("<8B24I", *(state + sizes + outstanding + ago + path + room))


def _options(tcb):
    """Return the TCPI_OPT flags of the negotiated options."""
    timestamps = _TIMESTAMPS if tcb.ts_on else 0
    sack = _SACK if tcb.sack_on else 0
    scale = _WINDOW_SCALE if tcb.scale_on else 0
    return timestamps | sack | scale | (_ECN if tcb.ecn is not None else 0)
