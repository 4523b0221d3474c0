# options_udp.py - the socket options of datagrams: those of UDP and of multicast groups, and control data.
from ..limits import UDP_QUEUE_BYTES
from . import names
from .datagram import SIX
from .option_values import in_range, number, service, set_v6only


def _set_shared(datagram, value):
    datagram.endpoint.shared = bool(value)


def _set_broadcast(datagram, value):
    datagram.may_broadcast = bool(value)


def _set_room(datagram, value):
    datagram.endpoint.room = min(in_range(value, 1, 1 << 31), UDP_QUEUE_BYTES)


def _set_ttl(datagram, value):
    datagram.ttl = in_range(value, 1, 255)


def _set_tos(datagram, value):
    datagram.tos = service(value)


def _set_multicast_ttl(datagram, value):
    datagram.memberships.ttl = in_range(number(value), 0, 255) or 1


def _set_multicast_loop(datagram, value):
    datagram.memberships.loop = bool(number(value))


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
    datagram.send_buffer = in_range(value, 0, 1 << 31)


SETTERS = {
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
    (names.IPPROTO_IPV6, names.IPV6_V6ONLY): set_v6only,
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

GETTERS = {
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
    SETTERS[_key], GETTERS[_key] = _control(_key)
