# options.py - setsockopt and getsockopt, and the options of every socket; unsupported options are refused.
import struct

from mkernel import scheduler
from mkernel.errors import oserror, plain

from ..errors import EDOM, EINVAL, ENODEV, ENOPROTOOPT, ENOTCONN
from ..limits import SECOND
from . import names, options_tcp, options_udp
from .datagram import Datagram
from .option_values import in_range
from .stream import Stream
from .transfer import length


def set_option(sock, level, option, value):
    """Set an option. OSError(ENOPROTOOPT) for an unknown one."""
    value = _setting(value, (level, option) in _RAW)
    choice = options_tcp.CHOICES.get((level, option))
    if choice and isinstance(sock._impl, Stream):
        return sock._impl.set_choice(choice[0], choice[1](value))
    setter = _options(sock._impl).SETTERS.get((level, option))
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
    choice = options_tcp.CHOICES.get((level, option))
    if choice and isinstance(impl, Stream):
        return choice[2](getattr(impl.settings, choice[0]))
    getter = _options(impl).GETTERS.get((level, option))
    getter = getter or _COMMON_GETTERS.get((level, option))
    if getter is None:
        raise oserror(ENOPROTOOPT, "option %d of level %d" % (option, level))
    return getter(impl)


def _options(impl):
    """Return the module with the options of this kind of socket; the ends of a pair have none."""
    if isinstance(impl, Stream):
        return options_tcp
    return options_udp if isinstance(impl, Datagram) else _Pair


class _Pair:
    SETTERS = GETTERS = {}


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
        impl.kept[option] = in_range(value, low, high)

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
