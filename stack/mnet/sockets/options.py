# options.py - setsockopt and getsockopt: what is there works, what is not is refused.
import struct

from mkernel.errors import oserror

from ..errors import EINVAL, ENOPROTOOPT
from ..limits import TCP_BUF_MAX, TCP_BUF_MIN
from . import names
from .stream import Stream


def set_option(sock, level, option, value):
    """OSError(ENOPROTOOPT) for an option that is not there."""
    setter = _SETTERS.get((level, option))
    if setter is None or (setter is not _ignore and not isinstance(sock._impl, Stream)):
        raise oserror(ENOPROTOOPT, "option %d of level %d" % (option, level))
    setter(sock._impl, value)


def get_option(sock, level, option):
    """OSError(ENOPROTOOPT) for an option that is not there."""
    impl = sock._impl
    if level == names.SOL_SOCKET and option == names.SO_TYPE:
        return sock.type
    if level == names.SOL_SOCKET and option == names.SO_ERROR:
        return impl.error()
    getter = _GETTERS.get((level, option))
    if getter is None or not isinstance(impl, Stream):
        raise oserror(ENOPROTOOPT, "option %d of level %d" % (option, level))
    return getter(impl)


def _buffer(value):
    if not isinstance(value, int) or value <= 0:
        raise oserror(EINVAL)
    return min(max(value, TCP_BUF_MIN), TCP_BUF_MAX)


def _set_snd_buf(stream, value):
    """Takes effect on what connects or is accepted later."""
    stream.snd_buf = _buffer(value)
    stream.inherit()


def _set_rcv_buf(stream, value):
    """Takes effect on what connects or is accepted later: the window's scale is agreed on in the
    handshake."""
    stream.rcv_buf = _buffer(value)
    stream.inherit()


def _set_nodelay(stream, value):
    stream.set_nodelay(bool(value))


def _set_linger(stream, value):
    on, seconds = struct.unpack("ii", value)
    stream.linger = seconds if on else None


def _ignore(impl, value):
    """A port in TIME-WAIT may always be listened on again: the option asks for what is so anyway."""


_SETTERS = {
    (names.SOL_SOCKET, names.SO_REUSEADDR): _ignore,
    (names.SOL_SOCKET, names.SO_SNDBUF): _set_snd_buf,
    (names.SOL_SOCKET, names.SO_RCVBUF): _set_rcv_buf,
    (names.SOL_SOCKET, names.SO_LINGER): _set_linger,
    (names.IPPROTO_TCP, names.TCP_NODELAY): _set_nodelay,
}

_GETTERS = {
    (names.SOL_SOCKET, names.SO_REUSEADDR): lambda stream: 1,
    (names.SOL_SOCKET, names.SO_SNDBUF): lambda stream: stream.snd_buf,
    (names.SOL_SOCKET, names.SO_RCVBUF): lambda stream: stream.rcv_buf,
    (names.IPPROTO_TCP, names.TCP_NODELAY): lambda stream: int(stream.nodelay),
    (names.IPPROTO_TCP, names.TCP_MAXSEG): lambda stream: stream.tcb.snd_mss if stream.tcb else 536,
}
