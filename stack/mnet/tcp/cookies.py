# cookies.py - SYN cookies: answer a SYN without keeping state while the SYN queue is full (RFC 4987 3.6).
#
# The state is encoded in our initial sequence number: 5 bits of time, 3 of MSS, 24 of a keyed hash. Window
# scale and SACK-permitted are encoded in the low bits of our timestamp; a peer without timestamps loses them.
import struct

from micropython import const

from ..limits import SYN_COOKIES_LIFE
from ..seq import M32
from ..wire.primitives import sha256
from . import handshake
from .tcb import Tcb

_MSS = (216, 536, 768, 1024, 1220, 1440, 1460, 8940)
_SLOT = const(26)  # 2**26 us: a cookie is valid for one to two minutes
_OPTIONS = const(0x3F)  # of a timestamp
_SACK = const(0x10)
_NO_SCALE = const(15)


def answer(tcp, listener, route, seg, options, now):
    """Send a SYN-ACK with a cookie as its sequence number."""
    tcp.stats.drop("tcp_syn_cookie")
    listener.cookies_until = now + SYN_COOKIES_LIFE
    tcb = Tcb(tcp, route, listener.port, seg.sport, listener.settings)
    index = 7
    while index and _MSS[index] > (options.mss or 536):
        index -= 1
    slot = now >> _SLOT & 31
    cookie = slot << 27 | index << 24 | _hash(tcp, seg, tcb.ends(), seg.seq, slot, index)
    scale = _NO_SCALE if options.window_scale is None else min(options.window_scale, 14)
    kept = scale | (_SACK if options.sack_permitted else 0)
    if options.tsval is None:
        options.window_scale = None
        options.sack_permitted = False
    tick = (now >> 10 & ~_OPTIONS) - (_OPTIONS + 1) | kept
    handshake.send_cookie_syn_ack(tcb, cookie, seg.seq, options, tick & M32, now)


def returned(listener, ip, local, remote, seg, options, now):
    """Validate the cookie of an ACK. Returns the Tcb in SYN-RECEIVED that it completes, or None. A wrong
    cookie allocates nothing."""
    if now >= listener.cookies_until:
        return None
    cookie = (seg.ack - 1) & M32
    irs = (seg.seq - 1) & M32
    slot, index = cookie >> 27, cookie >> 24 & 7
    if ((now >> _SLOT) - slot) & 31 > 1:
        return None
    if cookie & 0xFFFFFF != _hash(listener.tcp, seg, ip.pack(remote) + ip.pack(local), irs, slot, index):
        return None
    route = listener.tcp.host.route(remote, now, local, ip.interface)
    if route is None:
        return None
    options.mss = _MSS[index]
    options.window_scale = None
    options.sack_permitted = False
    if options.tsval is not None:
        kept = options.tsecr & _OPTIONS
        options.sack_permitted = bool(kept & _SACK)
        if kept & 15 != _NO_SCALE:
            options.window_scale = kept & 15
    tcb = Tcb(listener.tcp, route, listener.port, seg.sport, listener.settings)
    handshake.restore(tcb, cookie, irs, options, now)
    return tcb


def _hash(tcp, seg, ends, irs, slot, index):
    name = struct.pack("!HHIBB", seg.dport, seg.sport, irs, slot, index) + ends
    return struct.unpack("!I", sha256(name + tcp.env.secret).digest()[:4])[0] >> 8
