# messages.py - sendmsg() and recvmsg(): several buffers, and ancillary data of datagrams (RFC 3542, ip(7),
# ipv6(7)): destination and interface, hop limit, traffic class.
import struct

from mkernel.errors import oserror

from ..address6 import ANY_IPV6, mapped
from ..errors import ECONNREFUSED, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETUNREACH, ENODEV
from ..wire.primitives import copy
from . import names
from .datagram import SIX
from .transfer import flat, length, room

NEEDED_FOR = ("CMSG_LEN", "CMSG_SPACE", "recvmsg", "recvmsg_into", "sendmsg")  # (optional.py)

_HEADER = 16  # bytes of struct cmsghdr
_SIZE_MAX = (1 << 31) - 1


def size(length, alignment):
    """Return the size of an ancillary item with `length` bytes of data, with its padding."""
    if not 0 <= length <= _SIZE_MAX - _HEADER - alignment + (alignment == 1):
        raise OverflowError("CMSG_%s() argument out of range" % ("LEN" if alignment == 1 else "SPACE"))
    return _HEADER + (length + alignment - 1) // alignment * alignment


class Control:
    """What one datagram has of its own: a source address or None, the number of an interface or 0, hop limit
    or 0, traffic class or -1."""

    def __init__(self, items):
        self.source = None
        self.interface = 0
        self.ttl = 0
        self.tos = -1
        for level, kind, data in items:
            self._read(level, kind, bytes(data))

    def _read(self, level, kind, data):
        if level == names.SOL_SOCKET:
            if kind != names._SCM_RIGHTS:
                raise oserror(EINVAL)
        elif (level, kind) == (names.IPPROTO_IP, names.IP_PKTINFO) and len(data) >= 12:
            self.interface = struct.unpack("i", data[:4])[0]
            self.source = int.from_bytes(data[4:8], "big") or None
        elif (level, kind) == (names.IPPROTO_IPV6, names.IPV6_PKTINFO) and len(data) >= 20:
            self.interface = struct.unpack("i", data[16:20])[0]
            self.source = None if data[:16] == ANY_IPV6 else data[:16]
        elif (level, kind) in _HOPS and len(data) >= 4:
            self.ttl = struct.unpack("i", data[:4])[0]
            if not 1 <= self.ttl <= 255:
                raise oserror(EINVAL)
        elif (level, kind) in _CLASSES and data:
            self.tos = data[0] & 0xFC
        elif level in (names.IPPROTO_IP, names.IPPROTO_IPV6):
            raise oserror(EINVAL)


_HOPS = ((names.IPPROTO_IP, names.IP_TTL), (names.IPPROTO_IPV6, names.IPV6_HOPLIMIT))
_CLASSES = ((names.IPPROTO_IP, names.IP_TOS), (names.IPPROTO_IPV6, names.IPV6_TCLASS))


def ancillary(wanted, control):
    """Return the items [(level, type, data)] of a datagram that the socket's options request."""
    dst, interface, ttl, tos = control
    items = []
    if names.IP_PKTINFO in wanted and isinstance(dst, int):
        address = dst.to_bytes(4, "big")
        items.append((names.IPPROTO_IP, names.IP_PKTINFO, struct.pack("i", interface) + address * 2))
    if names.IPV6_RECVPKTINFO + SIX in wanted:
        address = mapped(dst) if isinstance(dst, int) else dst
        items.append((names.IPPROTO_IPV6, names.IPV6_PKTINFO, address + struct.pack("i", interface)))
    if names.IP_RECVTTL in wanted and isinstance(dst, int):
        items.append((names.IPPROTO_IP, names.IP_TTL, struct.pack("i", ttl)))
    if names.IPV6_RECVHOPLIMIT + SIX in wanted:
        items.append((names.IPPROTO_IPV6, names.IPV6_HOPLIMIT, struct.pack("i", ttl)))
    if names.IP_RECVTOS in wanted and isinstance(dst, int):
        items.append((names.IPPROTO_IP, names.IP_TOS, bytes((tos,))))
    if names.IPV6_RECVTCLASS + SIX in wanted:
        items.append((names.IPPROTO_IPV6, names.IPV6_TCLASS, struct.pack("i", tos)))
    return items


def cut(items, there):
    """Return the items that a buffer of `there` bytes holds, the last perhaps in part, and MSG_CTRUNC if that
    is not all of them."""
    kept = []
    for level, kind, data in items:
        if there < _HEADER:
            return kept, names.MSG_CTRUNC
        kept.append((level, kind, data[: there - _HEADER]))
        if there < size(len(data), 1):
            return kept, names.MSG_CTRUNC
        there -= min(there, size(len(data), 8))
    return kept, 0


def report_item(errno, mtu, address):
    """Return the item of IP_RECVERR: struct sock_extended_err and no offender's address (ip(7))."""
    six = not isinstance(address, int)
    kind, code = _ICMP[six].get(errno, (0, 0))
    error = struct.pack("=IBBBBII", errno, 2 + six, kind, code, 0, mtu, 0) + bytes(28 if six else 16)
    if six:
        return names.IPPROTO_IPV6, names.IPV6_RECVERR, error
    return names.IPPROTO_IP, names.IP_RECVERR, error


# Type and code of the message behind an errno, of ICMP and of ICMPv6
_ICMP = (
    {ECONNREFUSED: (3, 3), EHOSTUNREACH: (3, 1), EMSGSIZE: (3, 4), ENETUNREACH: (3, 0)},
    {ECONNREFUSED: (1, 4), EHOSTUNREACH: (1, 3), EMSGSIZE: (2, 0), ENETUNREACH: (1, 0)},
)


def recvmsg(sock, bufsize, ancbufsize, flags):
    """Return (data, ancillary data, flags, address of the sender). MSG_TRUNC flags a datagram that was
    longer."""
    if bufsize < 0:
        raise ValueError("negative buffer size in recvmsg()")
    if ancbufsize < 0 or ancbufsize > _SIZE_MAX:
        raise ValueError("invalid ancillary data buffer length")
    if sock._type == names.SOCK_STREAM:
        return sock.recv(bufsize, flags), [], 0, None
    if flags & names.MSG_ERRQUEUE:
        return _report(sock, bufsize, ancbufsize)
    data, address, port, control = sock._datagram(flags)
    items = [] if control is None else ancillary(sock._impl.controls, control)
    items, told = cut(items, ancbufsize)
    if len(data) > bufsize:
        told |= names.MSG_TRUNC
    return data[:bufsize], items, told, sock._sender(address, port)


def _report(sock, bufsize, ancbufsize):
    """Return the oldest of the error queue as recvmsg() does: what was sent, and where to."""
    errno, mtu, address, port, data = sock._impl.take_report()
    items, told = cut([report_item(errno, mtu, address)], ancbufsize)
    if len(data) > bufsize:
        told |= names.MSG_TRUNC
    return data[:bufsize], items, told | names.MSG_ERRQUEUE, sock._sender(address, port)


def recvmsg_into(sock, buffers, ancbufsize, flags):
    """Receive into several buffers in order. As recvmsg(), with the number of bytes first."""
    try:
        buffers = list(buffers)
    except TypeError:
        raise TypeError("recvmsg_into() argument 1 must be an iterable")
    sizes = [room(buffer, 0, "recvmsg_into", "") for buffer in buffers]
    data, items, told, address = recvmsg(sock, sum(sizes), ancbufsize, flags)
    at = 0
    for buffer, size in zip(buffers, sizes):
        n = min(size, len(data) - at)
        copy(buffer, 0, data, at, n)
        at += n
    return len(data), items, told, address


def sendmsg(sock, buffers, ancdata, flags, address):
    """Send the contents of several buffers as one. Returns the number of bytes accepted."""
    try:
        buffers = list(buffers)
    except TypeError:
        raise TypeError("sendmsg() argument 1 must be an iterable")
    if not isinstance(flags, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(flags).__name__)
    data = b"".join([flat(each, length(each)) for each in buffers])
    control = _control(ancdata)
    ends = None if address is None else sock._family.ends(address, "sendmsg")
    if sock._type == names.SOCK_STREAM:
        return sock.send(data, flags)
    if control.interface and sock._impl.host.interface(control.interface) is None:
        raise oserror(ENODEV)
    return sock._impl.send_controlled(data, ends, sock._send_deadline(flags), control)


def _control(ancdata):
    """Check the ancillary data given to sendmsg()."""
    try:
        items = list(ancdata)
    except TypeError:
        raise TypeError("sendmsg() argument 2 must be an iterable")
    for item in items:
        if not isinstance(item, (tuple, list)):
            raise TypeError("[sendmsg() ancillary data items] must be sequences")
        if len(item) != 3:
            raise TypeError("[sendmsg() ancillary data items] must be sequences of length 3")
        for number in item[:2]:
            if not isinstance(number, int):
                raise TypeError("an integer is required")
        length(item[2])
    return Control(items)
