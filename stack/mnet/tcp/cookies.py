# cookies.py - SYNs answered without remembering them, while a backlog is full of half-open connections: RFC
# 4987 3.6.
#
# Our initial sequence number is the memory: 5 bits of time, 3 of MSS, 24 of a hash that only we can make. The
# other options lie in the last bits of our timestamp, if the peer has those; else they are lost.
import hashlib
import struct

from micropython import const

from ..limits import SYN_COOKIES_LIFE
from ..seq import M32
from . import handshake
from .tcb import Tcb

_MSS = (216, 536, 768, 1024, 1220, 1440, 1460, 8940)
_SLOT = const(26)  # 2**26 us: a cookie is good for one to two minutes
_OPTIONS = const(0x3F)  # of a timestamp
_SACK = const(0x10)
_NO_SCALE = const(15)


def answer(tcp, listener, packet, seg, options, now):
    """Send the SYN-ACK that the peer's ACK will bring back."""
    tcp.stats.drop("tcp_syn_cookie")
    listener.cookies_until = now + SYN_COOKIES_LIFE
    tcb = _tcb(tcp, listener, packet, seg)
    index = 7
    while index and _MSS[index] > (options.mss or 536):
        index -= 1
    slot = now >> _SLOT & 31
    cookie = slot << 27 | index << 24 | _hash(tcb, seg.seq, slot, index)
    scale = _NO_SCALE if options.window_scale is None else min(options.window_scale, 14)
    kept = scale | (_SACK if options.sack_permitted else 0)
    if options.tsval is None:
        options.window_scale = None
        options.sack_permitted = False
    tick = (now >> 10 & ~_OPTIONS) - (_OPTIONS + 1) | kept
    handshake.answer_once(tcb, cookie, seg.seq, options, tick & M32, now)


def returned(tcp, listener, packet, seg, options, now):
    """The Tcb in SYN-RECEIVED that this ACK completes, or None."""
    if now >= listener.cookies_until:
        return None
    cookie = (seg.ack - 1) & M32
    irs = (seg.seq - 1) & M32
    slot, index = cookie >> 27, cookie >> 24 & 7
    if ((now >> _SLOT) - slot) & 31 > 1:
        return None
    tcb = _tcb(tcp, listener, packet, seg)
    if cookie & 0xFFFFFF != _hash(tcb, irs, slot, index):
        return None
    options.mss = _MSS[index]
    options.window_scale = None
    options.sack_permitted = False
    if options.tsval is not None:
        kept = options.tsecr & _OPTIONS
        options.sack_permitted = bool(kept & _SACK)
        if kept & 15 != _NO_SCALE:
            options.window_scale = kept & 15
    handshake.remember(tcb, cookie, irs, options, now)
    return tcb


def _tcb(tcp, listener, packet, seg):
    settings = listener.settings
    sizes = settings.snd_buf, settings.rcv_buf
    tcb = Tcb(tcp, packet.ip, packet.dst, listener.port, packet.src, seg.sport, *sizes)
    tcb.settings = settings
    return tcb


def _hash(tcb, irs, slot, index):
    name = struct.pack("!HHIBB", tcb.lport, tcb.rport, irs, slot, index) + tcb.ends
    return struct.unpack("!I", hashlib.sha256(name + tcb.tcp.env.secret).digest()[:4])[0] >> 8
