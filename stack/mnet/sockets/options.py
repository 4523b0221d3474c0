# options.py - setsockopt and getsockopt; unsupported options are refused.
import struct

from mkernel import scheduler
from mkernel.errors import oserror, plain

from ..errors import EDOM, EINVAL, ENODEV, ENOENT, ENOPROTOOPT, ENOTCONN
from ..limits import SECOND, TCP_BUF_MAX, TCP_BUF_MIN, TCP_RCV_BUF, TCP_SND_BUF, UDP_QUEUE_BYTES
from ..tcp.cc import ALGORITHMS
from ..tcp.info import CLOSE, LISTEN, SIZE, info
from . import names
from .datagram import SIX, Datagram
from .stream import Stream
from .transfer import length


def set_option(sock, level, option, value):
    """Set an option. OSError(ENOPROTOOPT) for an unknown one."""
    value = _setting(value, (level, option) in _RAW)
    choice = _CHOICES.get((level, option))
    if choice and isinstance(sock._impl, Stream):
        return sock._impl.set_choice(choice[0], choice[1](value))
    setter = _table(sock._impl, _SETTERS, _DATAGRAM_SETTERS).get((level, option))
    setter = setter or _COMMON_SETTERS.get((level, option))
    if setter is None:
        raise oserror(ENOPROTOOPT, "option %d of level %d" % (option, level))
    setter(sock._impl, value)


def _setting(value, raw):
    """Return a number, or the bytes given to setsockopt(2); unless `raw`, bytes are a number as well."""
    if isinstance(value, (int, bool)):
        if not -(1 << 31) <= value < 1 << 31:
            raise TypeError("a bytes-like object is required, not 'int'")
        return int(value)
    n = length(value)
    value = bytes(value)
    if raw:
        return value
    if n < 4:
        raise oserror(EINVAL)
    return struct.unpack("i", value[:4])[0]


def get_option(sock, level, option, buflen):
    """Implement socket.getsockopt(). OSError(ENOPROTOOPT) for an unknown option."""
    if not 0 <= buflen <= 1024:
        raise plain("getsockopt buflen out of range")
    value = _value(sock, level, option)
    if not buflen:
        return value
    return (struct.pack("i", value) if isinstance(value, int) else value)[:buflen]


def _value(sock, level, option):
    impl = sock._impl
    if level == names.SOL_SOCKET and option == names.SO_TYPE:
        return sock._type
    if level == names.SOL_SOCKET and option == names.SO_DOMAIN:
        return sock._family.number
    if level == names.SOL_SOCKET and option == names.SO_PROTOCOL:
        return sock.proto or (names.IPPROTO_TCP if isinstance(impl, Stream) else names.IPPROTO_UDP)
    if level == names.SOL_SOCKET and option == names.SO_ACCEPTCONN:
        return int(impl.listener is not None)
    if level == names.SOL_SOCKET and option == names.SO_ERROR:
        return impl.error()
    choice = _CHOICES.get((level, option))
    if choice and isinstance(impl, Stream):
        return choice[2](getattr(impl.settings, choice[0]))
    getter = _table(impl, _GETTERS, _DATAGRAM_GETTERS).get((level, option))
    getter = getter or _COMMON_GETTERS.get((level, option))
    if getter is None:
        raise oserror(ENOPROTOOPT, "option %d of level %d" % (option, level))
    return getter(impl)


def _table(impl, of_streams, of_datagrams):
    """Return the options of a socket; the ends of a pair have none."""
    if isinstance(impl, Stream):
        return of_streams
    return of_datagrams if isinstance(impl, Datagram) else {}


def _in_range(value, low, high):
    if not isinstance(value, int) or not low <= value <= high:
        raise oserror(EINVAL)
    return value


def _buffer(value):
    if not isinstance(value, int) or value <= 0:
        raise oserror(EINVAL)
    return min(max(value, TCP_BUF_MIN), TCP_BUF_MAX)


def _set_v6only(impl, value):
    """Set IPV6_V6ONLY, before bind() or connect()."""
    if impl.family.number != names.AF_INET6:
        raise oserror(ENOPROTOOPT, "IPV6_V6ONLY of an IPv4 socket")
    if impl.sockname()[1]:
        raise oserror(EINVAL)
    impl.family.only = bool(value)
    impl.unname()


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
    return _in_range(value, 1, 32767) * SECOND


def _service(value):
    return _in_range(value, 0, 255) & 0xFC  # RFC 3168 section 5: the ECN bits are the transport's


def _to_seconds(value):
    return value // SECOND


def _algorithm(value):
    name = value.decode() if isinstance(value, bytes) else value
    if name not in ALGORITHMS:
        raise oserror(ENOENT, name)
    return name


# Options that are not a plain number
_RAW = {
    (names.SOL_SOCKET, names.SO_RCVTIMEO),
    (names.SOL_SOCKET, names.SO_SNDTIMEO),
    (names.SOL_SOCKET, names.SO_BINDTODEVICE),
    (names.SOL_SOCKET, names.SO_LINGER),
    (names.IPPROTO_TCP, names.TCP_CONGESTION),
    (names.IPPROTO_IP, names.IP_MULTICAST_IF),
    (names.IPPROTO_IP, names.IP_MULTICAST_TTL),
    (names.IPPROTO_IP, names.IP_MULTICAST_LOOP),
    (names.IPPROTO_IP, names.IP_ADD_MEMBERSHIP),
    (names.IPPROTO_IP, names.IP_DROP_MEMBERSHIP),
    (names.IPPROTO_IPV6, names.IPV6_JOIN_GROUP),
    (names.IPPROTO_IPV6, names.IPV6_LEAVE_GROUP),
}

# Options in mnet.tcp.settings: the attribute, and the conversions in and out
_CHOICES = {
    (names.SOL_SOCKET, names.SO_SNDBUF): ("snd_buf", _buffer, lambda value: value or TCP_SND_BUF),
    (names.SOL_SOCKET, names.SO_RCVBUF): ("rcv_buf", _buffer, lambda value: value or TCP_RCV_BUF),
    (names.SOL_SOCKET, names.SO_REUSEADDR): ("reuse", bool, int),
    (names.SOL_SOCKET, names.SO_REUSEPORT): ("reuse_port", bool, int),
    (names.SOL_SOCKET, names.SO_KEEPALIVE): ("keep_alive", bool, int),
    (names.SOL_SOCKET, names.SO_OOBINLINE): ("oob_inline", bool, int),
    (names.IPPROTO_IP, names.IP_TTL): (
        "ttl",
        lambda value: _in_range(value, 1, 255),
        lambda value: value or 64,
    ),
    (names.IPPROTO_IP, names.IP_TOS): ("tos", _service, int),
    (names.IPPROTO_IPV6, names.IPV6_UNICAST_HOPS): (
        "ttl",
        lambda value: _in_range(value, 1, 255),
        lambda value: value or 64,
    ),
    (names.IPPROTO_IPV6, names.IPV6_TCLASS): ("tos", _service, int),
    (names.IPPROTO_TCP, names.TCP_NODELAY): ("nodelay", bool, int),
    (names.IPPROTO_TCP, names.TCP_CORK): ("corked", bool, int),
    (names.IPPROTO_TCP, names.TCP_QUICKACK): ("quick", bool, int),
    (names.IPPROTO_TCP, names.TCP_KEEPIDLE): ("keep_idle", _seconds, _to_seconds),
    (names.IPPROTO_TCP, names.TCP_KEEPINTVL): ("keep_interval", _seconds, _to_seconds),
    (names.IPPROTO_TCP, names.TCP_KEEPCNT): ("keep_count", lambda value: _in_range(value, 1, 127), int),
    (names.IPPROTO_TCP, names.TCP_LINGER2): (
        "fin_wait_2",
        lambda value: min(_in_range(value, 0, 1 << 31) or 60, 120) * SECOND,  # as Linux
        _to_seconds,
    ),
    (names.IPPROTO_TCP, names.TCP_USER_TIMEOUT): (
        "user_timeout",
        lambda value: _in_range(value, 0, 1 << 31) * 1000,
        lambda value: value // 1000,
    ),
    (names.IPPROTO_TCP, names.TCP_CONGESTION): (
        "congestion",
        _algorithm,
        lambda value: (value or "cubic").encode(),
    ),
}

_SETTERS = {
    (names.SOL_SOCKET, names.SO_LINGER): _set_linger,
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): _set_v6only,
}

_GETTERS = {
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): lambda impl: int(impl.family.only),
    (names.SOL_SOCKET, names.SO_LINGER): lambda stream: struct.pack(
        "ii", stream.linger is not None, stream.linger or 0
    ),
    (names.IPPROTO_TCP, names.TCP_INFO): _info,
    (names.IPPROTO_TCP, names.TCP_MAXSEG): lambda stream: stream.tcb.snd_mss if stream.tcb else 536,
}


# Options of every socket


def _duration(value):
    """Return the microseconds of a struct timeval; 0 is no limit."""
    if isinstance(value, int) or len(value) < 16:
        raise oserror(EINVAL)
    seconds, micros = struct.unpack("qq", value[:16])
    if not 0 <= micros < SECOND:
        raise oserror(EDOM)
    return max(seconds, 0) * SECOND + micros


def _timeval(micros):
    return struct.pack("qq", micros // SECOND, micros % SECOND)


def _set_receive_limit(impl, value):
    impl.receive_limit = _duration(value)


def _set_send_limit(impl, value):
    impl.send_limit = _duration(value)


def _set_device(impl, value):
    """Set SO_BINDTODEVICE: the name of an interface, or nothing."""
    name = value if isinstance(value, int) else bytes(value).split(b"\0")[0].decode()
    device = None
    for each in impl.host.all_interfaces():
        if each.name == name:
            device = each
    if name and device is None:
        raise oserror(ENODEV)
    impl.use_device(device)


def _path_mtu(impl):
    """Return the path MTU of a connected socket."""
    address, _ = impl.peername()
    route = impl.host.route(address, scheduler.now(), impl.sockname()[0], impl.device)
    if route is None:
        raise oserror(ENOTCONN)
    return route.mtu(scheduler.now())


def _kept(option, low, high, usual):
    """Return the setter and the getter of an option that this stack has no use for."""

    def put(impl, value):
        if isinstance(impl.kept, tuple):
            impl.kept = {}
        impl.kept[option] = _in_range(value, low, high)

    return put, lambda impl: impl.kept[option] if option in impl.kept else usual


_FLAG = (-(1 << 31), (1 << 31) - 1)
_KEPT = {
    (names.SOL_SOCKET, names.SO_DONTROUTE): _kept(names.SO_DONTROUTE, *_FLAG, 0),
    (names.SOL_SOCKET, names.SO_PRIORITY): _kept(names.SO_PRIORITY, 0, 6, 0),
    (names.SOL_SOCKET, names.SO_RCVLOWAT): _kept(names.SO_RCVLOWAT, *_FLAG, 1),
    (names.IPPROTO_TCP, names.TCP_DEFER_ACCEPT): _kept(100 + names.TCP_DEFER_ACCEPT, *_FLAG, 0),
    (names.IPPROTO_TCP, names.TCP_FASTOPEN): _kept(100 + names.TCP_FASTOPEN, 0, 1 << 30, 0),
    (names.IPPROTO_TCP, names.TCP_SYNCNT): _kept(100 + names.TCP_SYNCNT, 1, 127, 6),
    (names.IPPROTO_TCP, names.TCP_NOTSENT_LOWAT): _kept(100 + names.TCP_NOTSENT_LOWAT, *_FLAG, 0),
    (names.IPPROTO_TCP, names.TCP_WINDOW_CLAMP): _kept(100 + names.TCP_WINDOW_CLAMP, 0, 1 << 30, 0),
}

_COMMON_SETTERS = {
    (names.SOL_SOCKET, names.SO_RCVTIMEO): _set_receive_limit,
    (names.SOL_SOCKET, names.SO_SNDTIMEO): _set_send_limit,
    (names.SOL_SOCKET, names.SO_BINDTODEVICE): _set_device,
}
_COMMON_GETTERS = {
    (names.SOL_SOCKET, names.SO_RCVTIMEO): lambda impl: _timeval(impl.receive_limit),
    (names.SOL_SOCKET, names.SO_SNDTIMEO): lambda impl: _timeval(impl.send_limit),
    (names.SOL_SOCKET, names.SO_BINDTODEVICE): lambda impl: (
        impl.device.name.encode() + b"\0" if impl.device else b""
    ),
    (names.IPPROTO_IP, names.IP_MTU): _path_mtu,
    (names.IPPROTO_IPV6, names.IPV6_MTU): _path_mtu,
}
for _key in _KEPT:
    _COMMON_SETTERS[_key], _COMMON_GETTERS[_key] = _KEPT[_key]


# Options of UDP sockets


def _set_shared(datagram, value):
    datagram.endpoint.shared = bool(value)


def _set_broadcast(datagram, value):
    datagram.may_broadcast = bool(value)


def _set_room(datagram, value):
    datagram.endpoint.room = min(_in_range(value, 1, 1 << 31), UDP_QUEUE_BYTES)


def _set_ttl(datagram, value):
    datagram.ttl = _in_range(value, 1, 255)


def _set_tos(datagram, value):
    datagram.tos = _service(value)


def _set_multicast_ttl(datagram, value):
    datagram.memberships.ttl = _in_range(_number(value), 0, 255) or 1


def _set_multicast_loop(datagram, value):
    datagram.memberships.loop = bool(_number(value))


def _set_multicast_interface(datagram, value):
    datagram.memberships.set_interface(value)


_CONTROLS = (
    (names.IPPROTO_IP, names.IP_PKTINFO),
    (names.IPPROTO_IP, names.IP_RECVTTL),
    (names.IPPROTO_IP, names.IP_RECVTOS),
    (names.IPPROTO_IPV6, names.IPV6_RECVPKTINFO),
    (names.IPPROTO_IPV6, names.IPV6_RECVHOPLIMIT),
    (names.IPPROTO_IPV6, names.IPV6_RECVTCLASS),
)


def _control(key):
    """Return the setter and the getter of an option that asks for control data."""
    level, option = key
    wanted = option + SIX if level == names.IPPROTO_IPV6 else option

    def put(datagram, value):
        others = datagram.controls - {wanted}
        datagram.controls = others | {wanted} if value else others
        datagram.endpoint.controls = bool(datagram.controls)

    return put, lambda datagram: int(wanted in datagram.controls)


def _set_reports(datagram, value):
    datagram.endpoint.reports = [] if value else None


def _reports(datagram):
    return int(datagram.endpoint.reports is not None)


def _set_send_buffer(datagram, value):
    datagram.send_buffer = _in_range(value, 0, 1 << 31)


def _number(value):
    """Return a number that may be given as one byte, as on the BSDs."""
    return value if isinstance(value, int) else int.from_bytes(value, "little")


_DATAGRAM_SETTERS = {
    (names.SOL_SOCKET, names.SO_REUSEADDR): _set_shared,
    (names.SOL_SOCKET, names.SO_REUSEPORT): _set_shared,
    (names.SOL_SOCKET, names.SO_BROADCAST): _set_broadcast,
    (names.SOL_SOCKET, names.SO_RCVBUF): _set_room,
    (names.SOL_SOCKET, names.SO_SNDBUF): _set_send_buffer,
    (names.IPPROTO_IP, names.IP_RECVERR): _set_reports,
    (names.IPPROTO_IPV6, names.IPV6_RECVERR): _set_reports,
    (names.IPPROTO_IP, names.IP_TTL): _set_ttl,
    (names.IPPROTO_IP, names.IP_TOS): _set_tos,
    (names.IPPROTO_IP, names.IP_MULTICAST_IF): _set_multicast_interface,
    (names.IPPROTO_IP, names.IP_MULTICAST_TTL): _set_multicast_ttl,
    (names.IPPROTO_IP, names.IP_MULTICAST_LOOP): _set_multicast_loop,
    (names.IPPROTO_IP, names.IP_ADD_MEMBERSHIP): lambda datagram, value: datagram.memberships.join(value),
    (names.IPPROTO_IP, names.IP_DROP_MEMBERSHIP): lambda datagram, value: datagram.memberships.leave(value),
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): _set_v6only,
    (names.IPPROTO_IPV6, names.IPV6_UNICAST_HOPS): _set_ttl,
    (names.IPPROTO_IPV6, names.IPV6_TCLASS): _set_tos,
    (names.IPPROTO_IPV6, names.IPV6_MULTICAST_IF): lambda datagram, value: datagram.memberships.use_interface(
        value
    ),
    (names.IPPROTO_IPV6, names.IPV6_MULTICAST_HOPS): _set_multicast_ttl,
    (names.IPPROTO_IPV6, names.IPV6_MULTICAST_LOOP): _set_multicast_loop,
    (names.IPPROTO_IPV6, names.IPV6_JOIN_GROUP): lambda datagram, value: datagram.memberships.join(value),
    (names.IPPROTO_IPV6, names.IPV6_LEAVE_GROUP): lambda datagram, value: datagram.memberships.leave(value),
}

_DATAGRAM_GETTERS = {
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): lambda impl: int(impl.family.only),
    (names.IPPROTO_IPV6, names.IPV6_UNICAST_HOPS): lambda datagram: datagram.ttl or 64,
    (names.IPPROTO_IPV6, names.IPV6_TCLASS): lambda datagram: datagram.tos,
    (names.IPPROTO_IPV6, names.IPV6_MULTICAST_HOPS): lambda datagram: datagram.memberships.ttl,
    (names.IPPROTO_IPV6, names.IPV6_MULTICAST_LOOP): lambda datagram: int(datagram.memberships.loop),
    (names.SOL_SOCKET, names.SO_REUSEADDR): lambda datagram: int(datagram.endpoint.shared),
    (names.SOL_SOCKET, names.SO_REUSEPORT): lambda datagram: int(datagram.endpoint.shared),
    (names.SOL_SOCKET, names.SO_BROADCAST): lambda datagram: int(datagram.may_broadcast),
    (names.SOL_SOCKET, names.SO_RCVBUF): lambda datagram: datagram.endpoint.room,
    (names.SOL_SOCKET, names.SO_SNDBUF): lambda datagram: datagram.send_buffer,
    (names.IPPROTO_IP, names.IP_RECVERR): _reports,
    (names.IPPROTO_IPV6, names.IPV6_RECVERR): _reports,
    (names.IPPROTO_IP, names.IP_TTL): lambda datagram: datagram.ttl or 64,
    (names.IPPROTO_IP, names.IP_TOS): lambda datagram: datagram.tos,
    (names.IPPROTO_IP, names.IP_MULTICAST_TTL): lambda datagram: datagram.memberships.ttl,
    (names.IPPROTO_IP, names.IP_MULTICAST_LOOP): lambda datagram: int(datagram.memberships.loop),
}
for _key in _CONTROLS:
    _DATAGRAM_SETTERS[_key], _DATAGRAM_GETTERS[_key] = _control(_key)
