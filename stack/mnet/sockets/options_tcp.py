# options_tcp.py - the socket options of streams.
import struct

from mkernel import scheduler
from mkernel.errors import oserror

from ..errors import EINVAL, ENOENT
from ..limits import SECOND, TCP_BUF_MAX, TCP_BUF_MIN, TCP_RCV_BUF, TCP_SND_BUF
from ..tcp.cc import ALGORITHMS
from ..tcp.info import CLOSE, LISTEN, SIZE, info
from . import names
from .option_values import in_range, service, set_v6only


def _buffer(value):
    if not isinstance(value, int) or value <= 0:
        raise oserror(EINVAL)
    return min(max(value, TCP_BUF_MIN), TCP_BUF_MAX)


def _set_linger(stream, value):
    if isinstance(value, int) or len(value) != 8:
        raise oserror(EINVAL)
    on, seconds = struct.unpack("ii", value)
    stream.linger = seconds if on else None


def _info(stream):
    if stream.tcb is None:
        return bytes((LISTEN if stream.listener else CLOSE,)) + bytes(SIZE - 1)
    return info(stream.tcb, scheduler.now())


def _seconds(value):
    return in_range(value, 1, 32767) * SECOND


def _to_seconds(value):
    return value // SECOND


def _algorithm(value):
    name = value.decode() if isinstance(value, bytes) else value
    if name not in ALGORITHMS:
        raise oserror(ENOENT, name)
    return name


# Options in mnet.tcp.settings: the attribute, and the conversions in and out
CHOICES = {
    (names.SOL_SOCKET, names.SO_SNDBUF): ("snd_buf", _buffer, lambda value: value or TCP_SND_BUF),
    (names.SOL_SOCKET, names.SO_RCVBUF): ("rcv_buf", _buffer, lambda value: value or TCP_RCV_BUF),
    (names.SOL_SOCKET, names.SO_REUSEADDR): ("reuse", bool, int),
    (names.SOL_SOCKET, names.SO_REUSEPORT): ("reuse_port", bool, int),
    (names.SOL_SOCKET, names.SO_KEEPALIVE): ("keep_alive", bool, int),
    (names.SOL_SOCKET, names.SO_OOBINLINE): ("oob_inline", bool, int),
    (names.IPPROTO_IP, names.IP_TTL): (
        "ttl",
        lambda value: in_range(value, 1, 255),
        lambda value: value or 64,
    ),
    (names.IPPROTO_IP, names.IP_TOS): ("tos", service, int),
    (names.IPPROTO_IPV6, names.IPV6_UNICAST_HOPS): (
        "ttl",
        lambda value: in_range(value, 1, 255),
        lambda value: value or 64,
    ),
    (names.IPPROTO_IPV6, names.IPV6_TCLASS): ("tos", service, int),
    (names.IPPROTO_TCP, names.TCP_NODELAY): ("nodelay", bool, int),
    (names.IPPROTO_TCP, names.TCP_CORK): ("corked", bool, int),
    (names.IPPROTO_TCP, names.TCP_QUICKACK): ("quick", bool, int),
    (names.IPPROTO_TCP, names.TCP_KEEPIDLE): ("keep_idle", _seconds, _to_seconds),
    (names.IPPROTO_TCP, names.TCP_KEEPINTVL): ("keep_interval", _seconds, _to_seconds),
    (names.IPPROTO_TCP, names.TCP_KEEPCNT): ("keep_count", lambda value: in_range(value, 1, 127), int),
    (names.IPPROTO_TCP, names.TCP_LINGER2): (
        "fin_wait_2",
        lambda value: min(in_range(value, 0, 1 << 31) or 60, 120) * SECOND,  # as Linux
        _to_seconds,
    ),
    (names.IPPROTO_TCP, names.TCP_USER_TIMEOUT): (
        "user_timeout",
        lambda value: in_range(value, 0, 1 << 31) * 1000,
        lambda value: value // 1000,
    ),
    (names.IPPROTO_TCP, names.TCP_CONGESTION): (
        "congestion",
        _algorithm,
        lambda value: (value or "cubic").encode(),
    ),
}

SETTERS = {
    (names.SOL_SOCKET, names.SO_LINGER): _set_linger,
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): set_v6only,
}

GETTERS = {
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): lambda impl: int(impl.family.only),
    (names.SOL_SOCKET, names.SO_LINGER): lambda stream: struct.pack(
        "ii", stream.linger is not None, stream.linger or 0
    ),
    (names.IPPROTO_TCP, names.TCP_INFO): _info,
    (names.IPPROTO_TCP, names.TCP_MAXSEG): lambda stream: stream.tcb.snd_mss if stream.tcb else 536,
}
